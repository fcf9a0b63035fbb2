"""Folders of picture files: ``train/CLASS/name.png`` and ``test/CLASS/name.png``, or ``CLASS/name.png``."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.datasets.dataset import Dataset
from stdpnet.datasets.idx_folder import make
from stdpnet.datasets.labels import natural, read_names
from stdpnet.datasets.readers.options import Options
from stdpnet.datasets.split import SPLIT_SEED, with_test_set

#: Names of the folders of both parts, in small letters.
PARTS = {"train": ("train", "training"), "test": ("test", "testing", "val", "valid", "validation")}


@cache
def _suffixes() -> frozenset[str]:
    from PIL import Image  # here, since most commands read no picture

    return frozenset(Image.registered_extensions())


def pictures(folder: Path) -> list[Path]:
    """Return the picture files in a folder and below, by their names; hidden ones are left out."""
    known = _suffixes()
    found = (path for path in folder.rglob("*") if path.suffix.lower() in known and path.is_file())
    shown = (path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    return sorted(shown, key=lambda path: natural(str(path)))


def read(folder: Path, options: Options) -> Dataset:
    """Read a folder of pictures. The order in which they are used is mixed, and always the same.

    Parameters
    ----------
    folder : Path
    options : Options

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        When a picture cannot be read, they differ in size, or some are in class folders and others not.
    """
    below = {path.name.lower(): path for path in sorted(folder.iterdir()) if path.is_dir()}
    places = {part: next((below[name] for name in names if name in below), None) for part, names in PARTS.items()}
    name, class_names = folder.name, read_names(folder)
    if places["train"] is None:
        paths, labels = _listed(folder)
        images = _arrays(paths)
        if labels is None:
            return Dataset(name, images, colour=options.colour)
        return with_test_set(name, images, labels, class_names, options.colour)
    listed = {part: _listed(place) for part, place in places.items() if place}
    every = _arrays([path for paths, _ in listed.values() for path in paths])
    parts: dict[str, Any] = {}
    start = 0
    for part, (paths, labels) in listed.items():
        mixed = np.random.default_rng(SPLIT_SEED).permutation(len(paths))
        parts[f"{part}_images"] = every[start : start + len(paths)][mixed]
        if labels is not None:
            parts[f"{part}_labels"] = labels[mixed]
        start += len(paths)
    return make(name, parts, class_names, options.colour)


def _listed(folder: Path) -> tuple[list[Path], np.ndarray | None]:
    """Return the pictures of a folder and their classes, the names of its folders; None where it has none."""
    paths = pictures(folder)
    if not paths:
        raise DataError(f"{folder}: found no pictures, expected folders of classes with pictures in them")
    classes = [path.relative_to(folder).parts[0] if path.parent != folder else None for path in paths]
    if None not in classes:
        return paths, np.array(classes, dtype=str)
    if any(classes):
        raise DataError(
            f"{folder}: found the picture {paths[classes.index(None)].name} beside folders of classes, expected each "
            "picture in the folder of its class: move it"
        )
    return paths, None


def _arrays(paths: list[Path]) -> np.ndarray:
    arrays = [read_picture(path) for path in paths]
    sizes = Counter(array.shape[:2] for array in arrays)
    if len(sizes) > 1:
        common = sizes.most_common(1)[0][0]
        others = [(path, array.shape) for path, array in zip(paths, arrays, strict=True) if array.shape[:2] != common]
        named = ", ".join(f"{path} is {shape[0]} x {shape[1]}" for path, shape in others[:3])
        raise DataError(
            f"found pictures of different sizes: most are {common[0]} x {common[1]}, {len(others)} of {len(paths)} are "
            f"not ({named}{', ...' * (len(others) > 3)}); expected one size: resize or remove them"
        )
    kinds = {array.dtype: path for path, array in zip(paths, arrays, strict=True)}
    if len(kinds) > 1:
        named = ", ".join(f"{path} has {kind}" for kind, path in kinds.items())
        raise DataError(f"found pictures of different types: {named}; expected one type: convert them")
    if len({array.ndim for array in arrays}) > 1:
        arrays = [array if array.ndim == 3 else np.repeat(array[..., None], 3, axis=2) for array in arrays]
    return np.stack(arrays)


def read_picture(path: Path) -> np.ndarray:
    """Return a picture as grey levels or as red, green and blue; what is transparent is black."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as file:
            picture = ImageOps.exif_transpose(file)
            if picture.mode[0] in "IF":  # 16 or 32 bits
                return np.asarray(picture)
            if picture.mode in ("1", "L") and "transparency" not in picture.info:
                return np.asarray(picture.convert("L"))
            if "A" in picture.mode or "transparency" in picture.info:
                grey = picture.mode in ("1", "L", "LA", "La")
                opaque = picture.convert("RGBA")
                picture = Image.alpha_composite(Image.new("RGBA", opaque.size, (0, 0, 0, 255)), opaque)
                return np.asarray(picture.convert("L" if grey else "RGB"))
            return np.asarray(picture.convert("RGB"))
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; expected a picture") from None
    except Exception as error:  # Pillow's readers each raise their own kinds on damage
        raise DataError(f"{path}: cannot be read as a picture ({error}); get it again, or remove it") from None
