"""Train a network that is to be converted, then evaluate it."""

from dataclasses import fields

from stdpnet import datasets
from stdpnet.base.errors import ConfigError
from stdpnet.base.logs import log_to
from stdpnet.base.optional import require_torch
from stdpnet.commands.flags import add_fields
from stdpnet.commands.process import called, command_parser, interruption
from stdpnet.experiments.ann.config import TrainingConfig
from stdpnet.experiments.results_folder import free_folder
from stdpnet.experiments.stdp.run import check_free


def train_cnn_command(arguments=None):
    """Train a network that is to be converted, then evaluate it."""
    parser = command_parser(
        "train-cnn",
        "Train a convolutional (lenet) or fully connected (dense) network with labels, for conversion into a spiking "
        "network. The last twelfth of the training images (5,000 of MNIST) chooses the best epoch, whose network is "
        'model.pt; the test set decides nothing. Needs PyTorch: pip install "stdpnet[torch]".',
        "--architecture lenet --dataset mnist --out results/lenet",
    )
    parser.add_argument("--out", metavar="FOLDER", help="run folder (default: a new one in results/)")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out from its last epoch")
    add_fields(parser.add_argument_group("training"), TrainingConfig, "")
    args = parser.parse_args(arguments)
    if args.resume and not args.out:
        raise ConfigError("--resume needs --out FOLDER, the run to continue")
    require_torch("training a CNN")
    from stdpnet.experiments.ann.folder import TrainingFolder
    from stdpnet.experiments.ann.run import check_run, evaluate_run, train_run

    asked = {item.name: getattr(args, item.name) for item in fields(TrainingConfig) if item.name in args}
    if args.resume:
        folder = TrainingFolder(args.out)
        config = folder.resumed_config(asked)
    else:
        config = TrainingConfig(**asked)
        folder = TrainingFolder(args.out or free_folder(f"results/{_name(config)}"))
        check_free(folder)
    dataset = datasets.load_dataset(config.dataset)
    checkpoint = folder.checkpoint() if args.resume else None
    check_run(config, dataset, folder, checkpoint)
    folder.prepare()
    log_to(folder.log_file)
    with (
        folder.claim(),
        interruption(f"{called('train-cnn')} --resume --out {folder.path} continues from the last epoch"),
    ):
        # again: another process may have been here since
        if args.resume:
            checkpoint = folder.checkpoint()
            check_run(config, dataset, folder, checkpoint)
        else:
            check_free(folder)
        best = train_run(config, dataset, folder, checkpoint)
        evaluate_run(config, best, dataset, folder)


def _name(config):
    return f"{config.dataset.rstrip('/').rsplit('/', 1)[-1]}_{config.architecture}_seed{config.seed}"
