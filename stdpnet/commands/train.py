"""Train a run folder, then evaluate it."""

import logging
from collections.abc import Sequence

from stdpnet import datasets
from stdpnet.base.errors import ConfigError
from stdpnet.base.logs import log_to
from stdpnet.commands.evaluate import add_evaluation_arguments, add_workers_argument
from stdpnet.commands.flags import SOURCES, add_config_arguments, config_from, resumed_config
from stdpnet.commands.process import called, command_parser, interruption
from stdpnet.experiments.results_folder import free_folder
from stdpnet.experiments.stdp.data_of_run import dataset_of
from stdpnet.experiments.stdp.evaluation import evaluate, summarise
from stdpnet.experiments.stdp.request import NEEDED, Request, kept_request
from stdpnet.experiments.stdp.run import check_free
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.experiments.stdp.train import train
from stdpnet.learning.config import Config

log = logging.getLogger(__name__)


def train_command(arguments: Sequence[str] | None = None) -> None:
    """Train a network without labels, then evaluate it.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Raises
    ------
    StdpnetError
        When a flag, the data set or the folder is not usable; nothing is written then.
    """
    parser = command_parser(
        "train",
        "Train a spiking network on images without labels, then name its neurons from training labels and classify the "
        "test set. Without arguments: the embedded 5,000 digits, 100 neurons, three epochs. What was calibrated for a "
        "rule and a size (stdpnet/learning/presets) replaces the defaults below, and is replaced by what you give; "
        "--preset paper has the constants of the code of 2014 instead. "
        f"{SOURCES}",
        "--dataset mnist --neurons 400 --out results/400",
        usage="[--out FOLDER] [--resume] [--neurons N] [--rule NAME] [other flags]",
    )
    parser.add_argument("--out", metavar="FOLDER", help="run folder (default: a new one in results/)")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out from its last checkpoint")
    parser.add_argument("--no-evaluation", action="store_true", help="train only")
    parser.add_argument("--go-on", action="store_true", help="train to the end, even where nothing can come of it")
    add_workers_argument(add_evaluation_arguments(parser))
    add_config_arguments(parser)
    args = parser.parse_args(arguments)
    if args.resume and not args.out:
        raise ConfigError("--resume needs --out FOLDER, the run to continue")

    config = resumed_config(args, RunFolder(args.out).config()) if args.resume else config_from(args)
    folder = RunFolder(args.out or free_folder(f"results/{_name(config)}"))
    if not args.resume:
        check_free(folder)
    dataset = dataset_of(folder, config.dataset) if args.resume else datasets.load_dataset(config.dataset)
    missing = dataset.missing(*NEEDED)
    asked = Request(args.label_images, args.test_images, args.workers)
    request = asked.over(kept_request(folder)) if args.resume else asked
    evaluated = not (missing or args.no_evaluation)
    wanted = request.of(dataset) if evaluated or args.label_images or args.test_images else request  # not after hours
    log_to()
    if missing and not args.no_evaluation:
        log.warning("%s has %s: it is trained on, and not evaluated", dataset.name, missing)
    advice = f"{called('train')} --resume --out {folder.path} continues from the last checkpoint"
    with interruption(advice, folder.config_file.exists):
        trained = train(config, dataset, folder=folder, resume=args.resume, go_on=args.go_on, request=request)
        if not evaluated:
            return
        report = folder.last_evaluation()
        if report and wanted.answered_by(report):  # a finished run, of which nothing else was asked for
            summarise(report, folder)
        else:
            evaluate(
                trained,
                label_images=request.label_images,
                test_images=request.test_images,
                workers=args.workers,
            )


def _name(config: Config) -> str:
    dataset = config.dataset.rstrip("/").rsplit("/", 1)[-1]
    return f"{dataset}_{config.neurons}_{config.plasticity.name}_seed{config.seed}"
