"""Every kind of file of data that is read: one that is whole, and what reads it."""

import gzip
from dataclasses import dataclass

from idxfiles import idx_bytes
from PIL import Image
from sources import IMAGES, LABELS, TEST_IMAGES, TEST_LABELS, kaggle, keras, pictures

import stdpnet
from stdpnet.datasets.events import aer
from stdpnet.datasets.events.saccades import recordings


@dataclass
class Kind:
    """A file to be changed.

    Attributes
    ----------
    path : Path
    read : callable
        Reads it as the package does. What it returns, arrays by name, must be that of the whole file: None where any
        other value is as good.
    """

    path: object
    read: object


def no_arrays(_):
    """Return None: what was read is not compared."""


def idx(place, part, content, name):
    """Return a folder of IDX files of which one is to be changed."""
    folder = place / "idx"
    folder.mkdir()
    for file, array in {
        "train-images-idx3-ubyte": IMAGES[:20],
        "train-labels-idx1-ubyte": LABELS[:20],
        "t10k-images-idx3-ubyte": TEST_IMAGES[:5],
        "t10k-labels-idx1-ubyte": TEST_LABELS[:5],
    }.items():
        if file != part:
            (folder / file).write_bytes(idx_bytes(array))
    (folder / name).write_bytes(content)
    return Kind(folder / name, lambda: no_arrays(stdpnet.load_dataset(folder)))


def idx_images(place):
    """Return a file of images."""
    return idx(place, "train-images-idx3-ubyte", idx_bytes(IMAGES[:20]), "train-images-idx3-ubyte")


def idx_labels(place):
    """Return a file of labels."""
    return idx(place, "train-labels-idx1-ubyte", idx_bytes(LABELS[:20]), "train-labels-idx1-ubyte")


def idx_gzip(place):
    """Return a gzipped file of images."""
    content = gzip.compress(idx_bytes(IMAGES[:20]), mtime=0)
    return idx(place, "train-images-idx3-ubyte", content, "train-images-idx3-ubyte.gz")


def class_names(place):
    """Return a list of class names beside IDX files."""
    return idx(place, "", "\n".join("abcdefghij").encode(), "classes.txt")


def npz(place):
    """Return an archive of arrays."""
    path = keras(place)
    return Kind(path, lambda: no_arrays(stdpnet.load_dataset(path)))


def csv(place):
    """Return a table."""
    path = kaggle(place, images=IMAGES[:12], labels=LABELS[:12])
    return Kind(path, lambda: no_arrays(stdpnet.load_dataset(path)))


def picture(ending):
    """Return a function that makes a folder of pictures of which one is to be changed."""

    def make(place):
        folder = pictures(place / "photos", IMAGES[:6], LABELS[:6], ending)
        path = next(path for path in sorted(folder.rglob(f"*{ending}")) if not path.name.startswith("."))
        Image.fromarray(IMAGES[0]).save(path)
        return Kind(path, lambda: no_arrays(stdpnet.load_dataset(folder)))

    return make


def address_events(place):
    """Return a recording of a silicon retina."""
    (recording,) = recordings(IMAGES[:1])
    aer.write(place / "a.bin", recording)
    return Kind(place / "a.bin", lambda: no_arrays(aer.read(place / "a.bin")))


OF_DATA = {
    "address events": address_events,
    "IDX images": idx_images,
    "IDX labels": idx_labels,
    "IDX gzipped": idx_gzip,
    "classes.txt": class_names,
    "npz": npz,
    "csv": csv,
    **{f"picture {ending}": picture(ending) for ending in (".png", ".gif", ".bmp", ".tif", ".jpg", ".webp", ".pgm")},
}
