"""The folder of a conversion's results."""

from typing import Any, ClassVar

import numpy as np

from stdpnet.base import files
from stdpnet.base.errors import RunFolderError, StdpnetError
from stdpnet.experiments.conversion.config import ConversionConfig, from_dict
from stdpnet.experiments.results_folder import ResultsFolder

#: What a report holds, at least.
PARTS = ("analogue", "spiking", "n_test_images", "tradeoff", "energy", "layers", "operations", "curve")


class ConversionFolder(ResultsFolder):
    """Names and reads the files of a conversion.

    Parameters
    ----------
    path : path-like
    """

    made_by: ClassVar[str] = "stdpnet convert"

    def __init__(self, path):
        super().__init__(path)
        self.report_file = self.path / "report.json"
        self.curve_file = self.path / "curve.csv"
        self.network_file = self.path / "network.npz"
        self.histograms_file = self.path / "histograms.npz"

    def config(self) -> ConversionConfig:
        """Return the conversion's `ConversionConfig`.

        Raises
        ------
        RunFolderError
            When it is missing, damaged, or that of another kind of run.
        """
        try:
            return from_dict(self.plain_config())
        except StdpnetError as error:
            raise RunFolderError(f"{self.config_file}: not made by stdpnet convert ({error})") from None

    def report(self) -> dict[str, Any]:
        """Return the report.

        Raises
        ------
        RunFolderError
            When it is missing, damaged, or no report of a conversion.
        """
        if not self.report_file.exists():
            raise RunFolderError(f"{self.report_file}: no such file; expected a folder that stdpnet convert made")
        report = files.read_json(self.report_file)
        if not _is_report(report):
            raise RunFolderError(f"{self.report_file}: no report of a conversion; make it anew with stdpnet convert")
        return report

    def histograms(self) -> dict[str, np.ndarray]:
        """Return for each layer how many neurons had which activation and rate.

        Returns
        -------
        dict of str to ndarray of int, shape (bins of activation, bins of rate)

        Raises
        ------
        RunFolderError
            When the file is missing, damaged, or of another conversion than the report.
        """
        if not self.histograms_file.exists():
            raise RunFolderError(f"{self.histograms_file}: no such file; expected a folder that stdpnet convert made")
        histograms = files.read_arrays(self.histograms_file)
        for name in self.report()["layers"]:
            if name not in histograms or histograms[name].ndim != 2:
                raise RunFolderError(
                    f"{self.histograms_file}: holds no layer {name!r} of {self.report_file}; make both anew with "
                    "stdpnet convert"
                )
        return histograms


def _is_report(report: Any) -> bool:
    """Tell whether plain data has all that figures draw of a report."""
    try:
        curve, half = report["curve"], report["tradeoff"]["at_half_the_operations"]
        quality = "error" if "error" in report["analogue"] else "accuracy"  # of values, or of classes
        lists = [[report["n_test_images"], report["analogue"][quality]]]
        lists += [[row[name] for name in ("step", quality, "relative_operations")] for row in curve]
        lists += [[half[name] for name in ("relative_operations", "error", "step")]] if half else []
        lists += [[value for value in layer.values() if value is not None] for layer in report["layers"].values()]
        intervals = [row["confidence_interval_95"] for row in curve if quality == "accuracy"]
    except (AttributeError, KeyError, TypeError):
        return False
    numbers = all(map(files.are_numbers, lists)) and all(files.are_numbers(interval, 2) for interval in intervals)
    return bool(curve) and numbers and set(PARTS) <= set(report)
