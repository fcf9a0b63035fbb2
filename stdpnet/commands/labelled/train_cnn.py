"""Train a network that is to be converted, then evaluate it."""

from dataclasses import fields

from stdpnet.base.errors import ConfigError
from stdpnet.base.optional import require_torch
from stdpnet.commands.flags import add_fields
from stdpnet.commands.labelled.run import train_and_evaluate
from stdpnet.commands.process import command_parser
from stdpnet.experiments.ann.config import TrainingConfig
from stdpnet.experiments.results_folder import free_folder


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
    from stdpnet.experiments.ann import run
    from stdpnet.experiments.ann.folder import TrainingFolder

    asked = {item.name: getattr(args, item.name) for item in fields(TrainingConfig) if item.name in args}
    if args.resume:
        folder = TrainingFolder(args.out)
        config = folder.resumed_config(asked)
    else:
        config = TrainingConfig(**asked)
        folder = TrainingFolder(args.out or free_folder(f"results/{_name(config)}"))
    train_and_evaluate("train-cnn", config, folder, args.resume, run)


def _name(config):
    return f"{config.dataset.rstrip('/').rsplit('/', 1)[-1]}_{config.architecture}_seed{config.seed}"
