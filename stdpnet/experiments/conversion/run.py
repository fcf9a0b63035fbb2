"""One conversion: checks after each stage, simulation of the test images, and the report into its folder."""

import logging
import os

import numpy as np

from stdpnet.base import files
from stdpnet.base.environment import describe
from stdpnet.base.errors import ConfigError
from stdpnet.base.progress import progress_bar
from stdpnet.base.scoring import score
from stdpnet.base.tables import write_table
from stdpnet.conversion import converted_file
from stdpnet.conversion.batches import batches
from stdpnet.conversion.report.evaluation import TOGETHER, Showing, measure
from stdpnet.conversion.report.measurement import Measurement
from stdpnet.conversion.simulators import choose
from stdpnet.conversion.spiking.readout import predictions
from stdpnet.experiments.conversion.config import ConversionConfig
from stdpnet.experiments.conversion.converted import Converted, ShownImages, checked_scores
from stdpnet.experiments.conversion.folder import ConversionFolder

log = logging.getLogger(__name__)


def prepare_simulator(config: ConversionConfig) -> str:
    """Give PyTorch its threads, if it is to simulate, and return the name of the simulator.

    Parameters
    ----------
    config : ConversionConfig

    Returns
    -------
    str

    Raises
    ------
    ConfigError
        When PyTorch is needed and not installed, or there are fewer cores than threads.
    """
    if config.threads > (os.cpu_count() or 1):  # thousands would take the machine's last process
        raise ConfigError(f"threads is {config.threads}; expected at most {os.cpu_count()}, the cores, or 0 for all")
    simulator = choose(config.simulator, config.stop)
    if simulator == "torch" and config.threads:
        import torch

        torch.set_num_threads(config.threads)
    return simulator


def simulate_run(
    config: ConversionConfig, converted: Converted, shown: ShownImages, show_progress: bool = True
) -> tuple[Measurement, np.ndarray | None]:
    """Simulate all images.

    Parameters
    ----------
    config : ConversionConfig
    converted : Converted
    shown : ShownImages
    show_progress : bool

    Returns
    -------
    Measurement
    labels : ndarray of int, shape (n_images,), or None
        The classes; None for values.
    """
    together = TOGETHER[choose(config.simulator, config.stop)]
    parts = batches(shown.images, shown.labels, together)
    showing = Showing(config.steps, config.simulator, config.batch, config.stop)
    with progress_bar(len(shown.images), 0, f"{config.steps} steps", show_progress) as bar:
        return measure(converted.network, converted.simple, parts, showing, bar)


def convert_run(
    config: ConversionConfig,
    converted: Converted,
    shown: ShownImages,
    folder: ConversionFolder,
    show_progress: bool = True,
) -> dict:
    """Check the analogue network's answers after each stage, simulate the spiking one, and write the results.

    Parameters
    ----------
    config : ConversionConfig
    converted : Converted
        From `convert_graph`.
    shown : ShownImages
    folder : ConversionFolder
        Made already.
    show_progress : bool

    Returns
    -------
    dict
        The report.

    Raises
    ------
    ConversionError
        When the network answers differently after a stage, or was never trained.
    """
    environment = _environment(config)
    scores = checked_scores(config, converted, shown.images, show_progress)
    if shown.labels.dtype.kind != "f":
        accuracy = score(predictions(scores), shown.labels)["accuracy"]
        log.info("analogue network: accuracy %.2f %% on %d test images", 100 * accuracy, len(shown.images))
    measurement, classes = simulate_run(config, converted, shown, show_progress)
    report = measurement.report(classes)
    report["chosen"] = {"recent": converted.network.readout.recent} | converted.network.chosen
    converted_file.save(converted.network, folder.network_file)
    files.write_arrays(folder.histograms_file, {name: rates.histogram for name, rates in measurement.rates.items()})
    write_table(folder.curve_file, _curve_rows(report["curve"]))
    files.write_json(folder.report_file, report)
    files.write_json(folder.environment_file, environment)
    files.write_text(folder.config_file, config.to_json())
    _summarise(report, folder)
    return report


def _environment(config):
    simulator = choose(config.simulator, config.stop)
    environment = describe(config.seed, simulator)
    if simulator == "torch":
        import torch

        environment |= {"torch": torch.__version__, "threads": torch.get_num_threads()}
    return environment


def _curve_rows(curve):
    """Return the curve with the interval, where it has one, in two columns."""
    return [
        {name: value for name, value in row.items() if name != "confidence_interval_95"}
        | dict(zip(("low_95", "high_95"), row.get("confidence_interval_95", ()), strict=False))
        for row in curve
    ]


def _summarise(report, folder):
    last = report["curve"][-1]
    if "error" in last:
        log.info(
            "spiking network: root mean squared error %.4g (analogue network: %.4g) after %d steps, %.2f times the "
            "operations; in %s",
            *(last["error"], report["analogue"]["error"], last["step"], last["relative_operations"]),
            folder.report_file,
        )
        return
    low, high = last["confidence_interval_95"]
    log.info(
        "spiking network: accuracy %.2f %% (95 %% interval %.2f to %.2f) after %d steps, %.2f times the operations",
        *(100 * last["accuracy"], 100 * low, 100 * high, last["step"], last["relative_operations"]),
    )
    half = report["tradeoff"]["at_half_the_operations"]
    if half:
        log.info("with half the operations: error %.2f %% after %d steps", half["error"], half["step"])
    log.info("in %s", folder.report_file)
