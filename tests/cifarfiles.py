"""Small data sets of colour images in the forms that CIFAR-10 has."""

import io
import tarfile

import numpy as np
from PIL import Image

from stdpnet.datasets.readers.cifar_files import ARCHIVE, FOLDER, TEST, TRAIN

N_TRAIN, N_TEST = 20, 10


def coloured(n, side=32, seed=0):
    """Return images, shape (n, side, side, 3), each of one colour but for a brighter corner, and labels 0 to 9."""
    random = np.random.default_rng(seed)
    images = np.broadcast_to(random.integers(0, 200, (n, 1, 1, 3)), (n, side, side, 3)).astype(np.uint8)
    images[:, : side // 2, : side // 4] += 50
    return images, (np.arange(n) % 10).astype(np.uint8)


def records(images, labels):
    """Return the bytes of a file: label, red plane, green plane, blue plane, next image."""
    return b"".join(
        bytes([label]) + b"".join(image[..., plane].tobytes() for plane in range(3))
        for image, label in zip(images, labels, strict=True)
    )


def binary_files():
    """Return the six files by name: four training images a file."""
    images, labels = coloured(N_TRAIN)
    files = {name: records(images[4 * k : 4 * k + 4], labels[4 * k : 4 * k + 4]) for k, name in enumerate(TRAIN)}
    return files | {TEST: records(*coloured(N_TEST, seed=1))}


def binary_folder(place):
    """Write what the archive unpacks to."""
    folder = place / FOLDER
    folder.mkdir(parents=True)
    for name, content in binary_files().items():
        (folder / name).write_bytes(content)
    return folder


def binary_archive(place):
    """Write the archive as it is loaded."""
    with tarfile.open(place / ARCHIVE, "w:gz") as archive:
        for name, content in binary_files().items():
            entry = tarfile.TarInfo(f"{FOLDER}/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return place / ARCHIVE


def pair(place, jpeg=False, side=32):
    """Write train.npz and test.npz, with images or with JPEG files end to end."""
    place.mkdir(parents=True, exist_ok=True)
    for part, n, seed in (("train", N_TRAIN, 0), ("test", N_TEST, 1)):
        images, labels = coloured(n, side, seed)
        np.savez(place / f"{part}.npz", labels=labels, **(jpegs(images) if jpeg else {"images": images}))
    return place


def jpegs(images):
    """Return pictures as the arrays jpeg and offsets."""
    contents = []
    for image in images:
        file = io.BytesIO()
        Image.fromarray(image).save(file, "jpeg", quality=95, subsampling=0)
        contents.append(file.getvalue())
    return {
        "jpeg": np.frombuffer(b"".join(contents), np.uint8),
        "offsets": np.cumsum([0, *map(len, contents)]).astype(np.uint32),
    }
