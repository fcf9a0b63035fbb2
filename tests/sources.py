"""Write the digits that all tests share in the forms that people have them in."""

import gzip

import numpy as np
from idxfiles import idx_bytes
from PIL import Image
from tiny import digits

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = digits()
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def pictures(folder, images=IMAGES, labels=LABELS, ending=".png"):
    """Write CLASS/number.png, with files beside them that are no pictures."""
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        place = folder / NAMES[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(place / f"{number}{ending}")
    (folder / "README.txt").write_text("ten classes")
    (folder / ".hidden.png").write_bytes(b"")
    return folder


def two_parts(folder):
    """Write train/CLASS/number.png and Test/CLASS/number.png."""
    pictures(folder / "train")
    pictures(folder / "Test", TEST_IMAGES, TEST_LABELS)
    return folder


def keras(folder):
    """Write an archive as Keras has it."""
    np.savez(folder / "digits.npz", x_train=IMAGES, y_train=LABELS, x_test=TEST_IMAGES, y_test=TEST_LABELS)
    return folder / "digits.npz"


def kaggle(folder, name="digits.csv", images=IMAGES, labels=LABELS):
    """Write a table as Kaggle has MNIST."""
    header = ",".join(["label", *(f"pixel{k}" for k in range(64))])
    rows = (",".join(map(str, [label, *image.ravel()])) for label, image in zip(labels, images, strict=True))
    (folder / name).write_text("\n".join([header, *rows]) + "\n")
    return folder / name


def single_idx(folder):
    """Write one file of images and one of labels."""
    (folder / "digits-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_bytes(IMAGES)))
    (folder / "digits-labels-idx1-ubyte").write_bytes(idx_bytes(LABELS))
    return folder / "digits-images-idx3-ubyte.gz"


def emnist(folder):
    """Write letters as EMNIST has them: transposed, with labels from 1."""
    prefix = folder / "emnist-letters-"
    for part, images, labels in (("train", IMAGES, LABELS), ("test", TEST_IMAGES, TEST_LABELS)):
        content = idx_bytes(images.swapaxes(1, 2))
        prefix.with_name(f"{prefix.name}{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(content))
        prefix.with_name(f"{prefix.name}{part}-labels-idx1-ubyte").write_bytes(idx_bytes(labels + np.uint8(1)))
    return folder / "emnist-letters-train-images-idx3-ubyte.gz"


def torchvision(folder):
    """Write the layout of torchvision, with names in upper case."""
    raw = folder / "root" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part, images, labels in (("TRAIN", IMAGES, LABELS), ("T10K", TEST_IMAGES, TEST_LABELS)):
        (raw / f"{part}-IMAGES-IDX3-UBYTE").write_bytes(idx_bytes(images))
        (raw / f"{part}-LABELS-IDX1-UBYTE.GZ").write_bytes(gzip.compress(idx_bytes(labels)))
    return folder / "root"


def sixteen_bits(folder):
    """Write pictures of 16 bits."""
    return pictures(folder / "deep", IMAGES.astype(np.uint16) * 257)


SOURCES = {
    "pictures": lambda folder: pictures(folder / "photos"),
    "pictures in two parts": lambda folder: two_parts(folder / "parts"),
    "npz": keras,
    "csv": kaggle,
    "one IDX file": single_idx,
    "EMNIST": emnist,
    "torchvision": torchvision,
    "16 bits": sixteen_bits,
}
