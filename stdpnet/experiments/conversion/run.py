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
from stdpnet.conversion import storage
from stdpnet.conversion.report.measurement import Measurement
from stdpnet.conversion.simulators import choose, simulate
from stdpnet.conversion.spiking.readout import predictions
from stdpnet.experiments.conversion.config import ConversionConfig
from stdpnet.experiments.conversion.converted import Converted, ShownImages, checked_scores
from stdpnet.experiments.conversion.folder import ConversionFolder

log = logging.getLogger(__name__)

#: Images simulated between two updates of the report.
TOGETHER = {"torch": 256, "brian2": 20}


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
    config: ConversionConfig, converted: Converted, images: np.ndarray, show_progress: bool = True
) -> Measurement:
    """Simulate all images.

    Parameters
    ----------
    config : ConversionConfig
    converted : Converted
    images : ndarray, shape (n_images, *shape of the Input node)
    show_progress : bool

    Returns
    -------
    Measurement
    """
    simulator = choose(config.simulator, config.stop)
    options = {"batch": config.batch, "stop": config.stop} if simulator == "torch" else {}
    measurement, together = Measurement(converted.network, converted.simple, config.steps), TOGETHER[simulator]
    with progress_bar(len(images), 0, f"{config.steps} steps", show_progress) as bar:
        for first in range(0, len(images), together):
            part = images[first : first + together]
            found = simulate(converted.network, part, config.steps, simulator, keep="counts", first=first, **options)
            measurement.add(part, found)
            bar.update(len(part))
    return measurement


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
    accuracy = score(predictions(scores), shown.labels)["accuracy"]
    log.info("analogue network: accuracy %.2f %% on %d test images", 100 * accuracy, len(shown.images))
    measurement = simulate_run(config, converted, shown.images, show_progress)
    report = measurement.report(shown.labels, accuracy)
    report["chosen"] = {"recent": converted.network.readout.recent} | converted.network.chosen
    storage.save(converted.network.graph, folder.network_file)
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
    """Return the curve with the interval in two columns."""
    return [
        {name: value for name, value in row.items() if name != "confidence_interval_95"}
        | dict(zip(("low_95", "high_95"), row["confidence_interval_95"], strict=True))
        for row in curve
    ]


def _summarise(report, folder):
    last = report["curve"][-1]
    low, high = last["confidence_interval_95"]
    log.info(
        "spiking network: accuracy %.2f %% (95 %% interval %.2f to %.2f) after %d steps, %.2f times the operations",
        *(100 * last["accuracy"], 100 * low, 100 * high, last["step"], last["relative_operations"]),
    )
    half = report["tradeoff"]["at_half_the_operations"]
    if half:
        log.info("with half the operations: error %.2f %% after %d steps", half["error"], half["step"])
    log.info("in %s", folder.report_file)
