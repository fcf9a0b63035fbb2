"""One conversion: checks after each stage, simulation of the test images, and the report into its folder."""

import logging

from stdpnet.base import files
from stdpnet.base.environment import describe
from stdpnet.base.errors import ConfigError
from stdpnet.base.progress import progress_bar
from stdpnet.base.scoring import score
from stdpnet.base.tables import write_table
from stdpnet.conversion import storage
from stdpnet.conversion.convert import convert
from stdpnet.conversion.equivalence import FAULT, LOOSE, all_scores, check_stage
from stdpnet.conversion.graph.layers import Input, Output
from stdpnet.conversion.passes import simplify
from stdpnet.conversion.report.measurement import Measurement
from stdpnet.conversion.simulators.stopping import criterion
from stdpnet.experiments.conversion.source import as_input

log = logging.getLogger(__name__)

#: Images simulated between two updates of the report.
TOGETHER = {"torch": 256, "brian2": 20}


def shown_images(config, graph, dataset):
    """Return test images as the network takes them, and their labels.

    Parameters
    ----------
    config : ConversionConfig
    graph : Graph
        As imported.
    dataset : Dataset

    Returns
    -------
    images : ndarray of float32, shape (n_images, *shape of the Input node)
    labels : ndarray of int, shape (n_images,)

    Raises
    ------
    ConfigError
        When there are fewer images than asked for, or more classes than the network has.
    ConversionError
        When the images do not fit the network.
    """
    (source,), (output,) = graph.names(Input), graph.names(Output)
    most = len(dataset.test_images)
    if config.images > most:
        raise ConfigError(f"images is {config.images}; expected at most {most}, those of {dataset.name}")
    n_images = config.images or most
    labels, n_classes = dataset.test_labels[:n_images], graph.shapes[output][0]
    if labels.max() >= n_classes:
        raise ConfigError(
            f"{dataset.name} has labels up to {labels.max()}, the network {n_classes} classes: choose the data set "
            "that it was trained on with --dataset"
        )
    return as_input(dataset.test_images[:n_images], graph.shapes[source]), labels


def converted(config, graph, dataset):
    """Return the spiking network, and the analogue one that it was made from, simplified.

    Parameters
    ----------
    config : ConversionConfig
    graph : Graph
        As imported.
    dataset : Dataset

    Returns
    -------
    network : SpikingNetwork
    simple : Graph

    Raises
    ------
    ConversionError
        When the network cannot be converted, or an option is unknown.
    """
    (source,), simple = graph.names(Input), simplify(graph)
    scale_images = as_input(dataset.train_images[: config.scale_images], graph.shapes[source])
    return convert(simple, scale_images, **config.options()), simple


def checked_scores(config, graph, simple, network, images, show_progress=True):
    """Return the scores of the analogue network.

    Parameters
    ----------
    config : ConversionConfig
    graph : Graph
        As imported.
    simple, network : Graph, SpikingNetwork
        From `converted`.
    images : ndarray
        From `shown_images`.

    Returns
    -------
    ndarray, shape (n_images, n_classes)

    Raises
    ------
    ConversionError
        When it answers differently after a stage of the conversion, which it names.
    """
    scores = all_scores(graph, images, "as imported", show_progress)
    simplified = all_scores(simple, images, "simplified", show_progress)
    check_stage("after folding batch normalisation and splitting off softmax", scores, simplified)
    normalised = all_scores(network.graph, network.graph_input(images), "normalised", show_progress)
    advice = LOOSE if config.normalisation == "model" else FAULT
    check_stage("after normalisation", simplified, normalised, advice)
    return scores


def simulate_run(config, simulator, network, simple, images, show_progress=True):
    """Simulate all images and return the `Measurement`."""
    if simulator == "torch":
        from stdpnet.conversion.simulators.torch_simulator import simulate

        options = {"batch": config.batch, "stop": criterion(config.stop)}
    else:
        from stdpnet.conversion.simulators.brian_simulator import simulate

        options = {}
    measurement, together = Measurement(network, simple, config.steps), TOGETHER[simulator]
    with progress_bar(len(images), 0, f"{config.steps} steps", show_progress) as bar:
        for start in range(0, len(images), together):
            part = images[start : start + together]
            measurement.add(part, simulate(network, part, config.steps, keep="counts", first=start, **options))
            bar.update(len(part))
    return measurement


def convert_run(config, simulator, model, stages, images, labels, folder, show_progress=True):
    """Check the analogue network's answers after each stage, simulate the spiking one, and write the results.

    Parameters
    ----------
    config : ConversionConfig
    simulator : {"torch", "brian2"}
    model : path-like
        Where the graph came from.
    stages : tuple of Graph, SpikingNetwork and Graph
        As imported, and what `converted` returned.
    images, labels : ndarray
        From `shown_images`.
    folder : ConversionFolder

    Returns
    -------
    dict
        The report.
    """
    environment = describe(config.seed, simulator) | _torch(simulator)
    graph, network, simple = stages
    scores = checked_scores(config, graph, simple, network, images, show_progress)
    accuracy = score(scores.argmax(axis=1), labels)["accuracy"]
    log.info("analogue network: accuracy %.2f %% on %d test images", 100 * accuracy, len(images))
    measurement = simulate_run(config, simulator, network, simple, images, show_progress)
    report = measurement.report(labels, accuracy)
    storage.save(network.graph, folder.network_file)
    files.write_arrays(folder.histograms_file, {name: rates.histogram for name, rates in measurement.rates.items()})
    write_table(folder.curve_file, _curve_rows(report["curve"]))
    files.write_json(folder.report_file, report)
    files.write_json(folder.environment_file, environment)
    files.write_text(folder.config_file, config.to_json(model))
    _summarise(report, folder)
    return report


def _torch(simulator):
    if simulator != "torch":
        return {}
    import torch

    return {"torch": torch.__version__, "threads": torch.get_num_threads()}


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
