"""What an evaluation is asked for: how many images of each part."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from stdpnet.base.environment import check_workers
from stdpnet.base.errors import ConfigError
from stdpnet.datasets import Dataset
from stdpnet.experiments.stdp.run_folder import RunFolder

#: Training images that name the neurons, unless more are asked for.
LABEL_IMAGES = 10_000

#: Parts of a data set without which there is no evaluation.
NEEDED = ("train_labels", "test_images", "test_labels")


@dataclass(frozen=True)
class Request:
    """How much of a data set an evaluation takes.

    Attributes
    ----------
    label_images, test_images : int
        How many, the first ones of each part; 0 means 10,000 or all, whichever is less, and all.
    workers : int
        Processes; -1 means one for each core.
    """

    label_images: int = 0
    test_images: int = 0
    workers: int = -1

    def of(self, dataset: Dataset) -> "Request":
        """Return the request with the numbers that 0 stands for.

        Raises
        ------
        ConfigError
            When more images are asked for than there are, or no workers.
        DataError
            When there are no labels or no test images.
        """
        dataset.check_classes()
        dataset.check_there(*NEEDED, what="an evaluation needs to name neurons and to score answers")
        for name, asked, available in (
            ("label-images", self.label_images, len(dataset.train_images)),
            ("test-images", self.test_images, len(dataset.test_images)),
        ):
            if not 0 <= asked <= available:
                raise ConfigError(f"{name} is {asked}; expected 1 to {available}, the images of {dataset.name}")
        check_workers("workers", self.workers)
        return replace(
            self,
            label_images=self.label_images or min(LABEL_IMAGES, len(dataset.train_images)),
            test_images=self.test_images or len(dataset.test_images),
        )

    def to_dict(self) -> dict[str, int]:
        """Return the numbers of images, as ``environment.json`` keeps them."""
        return {name: value for name, value in asdict(self).items() if name != "workers"}

    def over(self, kept: "Request") -> "Request":
        """Return the request where numbers are given, else what was asked for before.

        Examples
        --------
        >>> Request(test_images=500).over(Request(label_images=4000, test_images=1000))
        Request(label_images=4000, test_images=500, workers=-1)
        """
        return replace(
            self,
            label_images=self.label_images or kept.label_images,
            test_images=self.test_images or kept.test_images,
        )

    def answered_by(self, report: Mapping[str, Any]) -> bool:
        """Tell whether a report is of so many images, which `of` has filled in."""
        names = {"label_images": "n_label_images", "test_images": "n_test_images"}
        return all(report.get(names[name]) == value for name, value in self.to_dict().items())


def kept_request(folder: RunFolder) -> Request:
    """Return what the last start of a run's training asked its evaluation for.

    Raises
    ------
    RunFolderError
        When ``environment.json`` is damaged.
    """
    return Request(**folder.asked_images())
