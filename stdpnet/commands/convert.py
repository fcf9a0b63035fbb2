"""Convert a trained network into a spiking one, simulate it, and report what it costs."""

import argparse
from dataclasses import fields, replace
from pathlib import Path

from stdpnet import datasets
from stdpnet.base import files
from stdpnet.base.errors import RunFolderError
from stdpnet.base.logs import log_to, remember
from stdpnet.commands.flags import add_fields
from stdpnet.commands.process import HelpFormatter, called, interruption
from stdpnet.experiments.conversion.config import ConversionConfig
from stdpnet.experiments.results_folder import free_folder

EPILOG = """\
examples:
  {convert} results/lenet --dataset mnist --out results/lenet-spiking
  {plot} results/lenet-spiking
  {convert} my_net.py:net --weights my_net.pt --dataset cifar10 --mean 0.49,0.48,0.45 --std 0.25,0.24,0.26

MODEL may be a network of your own: net in the Python file my_net.py, a model of PyTorch or scikit-learn, or a function
without arguments that returns one; the file is run. Or a graph that stdpnet.conversion.storage.save wrote:
  storage.save(importers.import_model(my_model, (1, 28, 28)), "my_model.npz")
Images reach it as grey levels / 255, in the planes of the data set. If it was trained on (x - 0.1307) / 0.3081, say so:
--mean 0.1307 --std 0.3081
"""


def convert_command(arguments=None):
    """Convert a trained network into a spiking one, simulate it, and report what it costs."""
    parser = argparse.ArgumentParser(
        prog=called("convert"),
        description="Convert a trained network into a spiking one with integrate-and-fire neurons, simulate it on test "
        "images, and report accuracy and operations after every time step, rates, and energy. The analogue network's "
        "answers are checked after each stage.",
        epilog=EPILOG.format(convert=called("convert"), plot=called("plot conversion")),
        formatter_class=HelpFormatter,
    )
    parser.add_argument(
        "model", metavar="MODEL", help=f"run folder of {called('train-cnn')}, my_net.py:net, or graph in .npz"
    )
    parser.add_argument("--out", metavar="FOLDER", help="folder of the results (default: a new one in results/)")
    add_fields(parser.add_argument_group("conversion and simulation"), ConversionConfig, "")
    parser.add_argument("--input", dest="encoding", default=argparse.SUPPRESS, help=argparse.SUPPRESS)  # its old name
    args = parser.parse_args(arguments)
    flags = [item.name for item in fields(ConversionConfig) if item.metadata]
    asked = {name: getattr(args, name) for name in flags if name in args}
    config = ConversionConfig(model=args.model, **_trained_on(args.model) | asked)
    from stdpnet.conversion.preprocessing import with_preprocessing
    from stdpnet.experiments.conversion.converted import convert_graph, shown_images
    from stdpnet.experiments.conversion.folder import ConversionFolder
    from stdpnet.experiments.conversion.python_file import split_name
    from stdpnet.experiments.conversion.run import convert_run, prepare_simulator
    from stdpnet.experiments.conversion.source import load_graph

    prepare_simulator(config)
    path, _ = split_name(args.model) or (Path(args.model), "")
    folder = ConversionFolder(args.out or free_folder(f"results/{path.stem}_spiking"))
    _check_free(folder)
    with interruption("no results were written: start the command anew"):
        log_to()
        remember()
        dataset = datasets.load_dataset(config.dataset)
        graph = load_graph(args.model, (1, *dataset.image_shape)[-3:], config.weights)
        if config.mean or config.std:
            graph = with_preprocessing(graph, *config.preprocessing())
        config = replace(config, scale_images=min(config.scale_images, len(dataset.train_images)))
        shown = shown_images(config, graph, dataset)
        converted = convert_graph(config, graph, dataset)
        folder.prepare()
        log_to(folder.log_file)
        with folder.claim():
            _check_free(folder)  # again: another process may have been here since
            convert_run(config, converted, shown, folder)


def _check_free(folder):
    if folder.config_file.exists():
        raise RunFolderError(f"{folder.path} already holds a run: choose another --out")


def _trained_on(model):
    """Return the data set of a run folder: test images of another may be among the training images of this one."""
    file = Path(model) / "config.json"
    found = files.read_json(file) if file.exists() else None
    return {"dataset": found["dataset"]} if isinstance(found, dict) and "dataset" in found else {}
