"""What a data set is, and the checks that every source passes."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from stdpnet.base.errors import DataError
from stdpnet.datasets.fingerprint import fingerprint
from stdpnet.datasets.images import grey_levels
from stdpnet.datasets.labels import as_values, encode


@dataclass(frozen=True, repr=False, eq=False)
class Dataset:
    """Images with labels, split into a training and a test part.

    Parameters
    ----------
    name : str
    train_images : array_like, shape (n_train, height, width)
        Grey levels of uint8, 0 for no input. Other types are scaled (`stdpnet.datasets.images`), signals of shape
        (n_train, length) become images of one line, and colour becomes grey.
    train_labels : array_like, shape (n_train,)
        Classes: numbers or texts; no rule of plasticity sees them. They become codes, 0 to k - 1. Labels and test
        images may be left out, and are empty then: to train, a network needs neither.
    test_images : array_like, shape (n_test, height, width)
    test_labels : array_like, shape (n_test,)
    source : str
        What `stdpnet.load_dataset` takes to find it again; empty for arrays of one's own.
    class_names : tuple of str
        A name for each code; without them the labels' own text.
    colour : {"grey", "channels", "planes"}
        What becomes of images of shape (n, height, width, 3): their luminance; red, green and blue side by side; or
        images of shape (n, 3, height, width), for conversions and trainings with labels, as which other numbers of
        planes are taken too.
    targets : {"classes", "values"}
        What labels are. Values are floating-point numbers, of shape (n,) or (n, n_values), for conversions of networks
        that say these.

    Raises
    ------
    DataError
        When images cannot be read as such, or there are not as many labels.

    Examples
    --------
    >>> images, labels = np.zeros((20, 8, 8), np.uint8), ["shoe", "coat"] * 10
    >>> dataset = Dataset("mine", images[:15], labels[:15], images[15:], labels[15:])
    >>> dataset
    Dataset 'mine': 15 training and 5 test images of 8 x 8, 2 classes
    >>> dataset.n_inputs, dataset.class_names, dataset.train_labels[:3]
    (64, ('coat', 'shoe'), array([1, 0, 1], dtype=uint8))
    """

    name: str
    train_images: np.ndarray
    train_labels: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint8))
    test_images: np.ndarray = field(default_factory=lambda: np.empty((0, 0, 0), np.uint8))
    test_labels: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint8))
    source: str = ""
    class_names: tuple[str, ...] = ()
    colour: str = "grey"
    targets: str = "classes"

    def __post_init__(self) -> None:
        train, test = grey_levels(self.train_images, self.test_images, self.colour, self.name)
        given = self.train_labels, self.test_labels
        names: tuple[str, ...] = ()
        if self.targets == "values":
            codes = as_values(given, self.name)
        else:
            codes, names = encode(given, self.class_names, self.name)
        for part, images, labels in zip(("train", "test"), (train, test), codes, strict=True):
            if len(labels) not in (0, len(images)):
                raise DataError(
                    f"{self.name}, {part} set: found {len(images)} images but {len(labels)} labels, expected as "
                    "many of each"
                )
            object.__setattr__(self, f"{part}_images", images)
            object.__setattr__(self, f"{part}_labels", labels)
        object.__setattr__(self, "class_names", names)

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Height and width of an image, in pixels; before them, where it has planes of colour, their number."""
        return self.train_images.shape[1:]

    @property
    def n_inputs(self) -> int:
        """Number of pixels of an image, in all its planes."""
        return int(np.prod(self.image_shape))

    @property
    def n_classes(self) -> int:
        """Number of classes, those that only test images have among them."""
        return len(self.class_names)

    def missing(self, *parts: str) -> str:
        """Return which of these parts are empty, in words; nothing where all are there.

        Parameters
        ----------
        *parts : str
            Such as ``"train_labels"``.

        Examples
        --------
        >>> Dataset("mine", np.zeros((20, 8, 8), np.uint8)).missing("train_labels", "test_images", "test_labels")
        'no labels of training images and no test images'
        """
        words = {"test_images": "no test images", "train_labels": "no labels of training images"}
        words["test_labels"] = "no labels of test images"
        there = {part: len(getattr(self, part)) > 0 for part in words}
        said = [part for part in parts if not there.get(part, True)]
        if "test_images" in said and "test_labels" in said:
            said.remove("test_labels")
        return " and ".join(words[part] for part in said)

    def check_there(self, *parts: str, what: str) -> None:
        """Check that parts are there.

        Parameters
        ----------
        *parts : str
            As of `missing`.
        what : str
            What needs them, for the error, such as ``"a presentation needs"``.

        Raises
        ------
        DataError
            When one is empty.
        """
        if missing := self.missing(*parts):
            raise DataError(f"{self.name} has {missing}, which {what}: add them to the data set")

    def check_classes(self) -> None:
        """Check that labels are no values.

        Raises
        ------
        DataError
            When they are.
        """
        if self.targets == "values":
            raise DataError(f"{self.name} has values for labels; expected classes: leave out targets=values")

    def check_for_stdp(self) -> None:
        """Check that images have no planes of colour, and labels are no values, for networks that learn by STDP.

        Raises
        ------
        DataError
            When it is otherwise.
        """
        self.check_classes()
        if len(self.image_shape) > 2:
            name = self.source.partition(",")[0] or self.name
            raise DataError(
                f"{self.name} has images of {self._size}, and networks that learn by STDP take grey levels: read it "
                f"with colour=grey ({name},colour=grey), or with colour=channels for the planes side by side"
            )

    @property
    def _size(self) -> str:
        *planes, height, width = self.image_shape
        return "".join(f"{n} planes of " for n in planes) + f"{height} x {width}"

    @cached_property
    def fingerprint(self) -> str:
        """Of images, labels and class names, by `stdpnet.datasets.fingerprint.fingerprint`; see `known_as`."""
        if not len(self.train_labels):
            return fingerprint((self.train_images,))
        names = np.array(self.class_names, dtype=str)
        return fingerprint((self.train_images, self.train_labels, self.test_images, self.test_labels, names))

    def known_as(self, trained_on: str) -> bool:
        """Tell whether a fingerprint is that of this data set, or that of its training images without labels.

        Labels and test images may be given after a training that had none.
        """
        return trained_on == self.fingerprint or trained_on == fingerprint((self.train_images,))

    def __repr__(self) -> str:
        tests = f"{len(self.test_images):,}" if len(self.test_images) else "no"
        classes = f"{self.n_classes} classes" if self.n_classes else "no labels"
        if self.targets == "values" and len(self.train_labels):
            classes = "values for labels"
        return (
            f"Dataset {self.name!r}: {len(self.train_images):,} training and {tests} test images of "
            f"{self._size}, {classes}"
        )
