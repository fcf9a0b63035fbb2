"""Train a spiking network by backpropagation through its filtered spikes, then evaluate it."""

from dataclasses import fields

from stdpnet.base.errors import ConfigError
from stdpnet.base.optional import require_torch
from stdpnet.commands.flags import add_fields
from stdpnet.commands.labelled.run import train_and_evaluate
from stdpnet.commands.process import command_parser
from stdpnet.experiments.backprop.config import GROUPS, SpikingConfig
from stdpnet.experiments.results_folder import free_folder


def train_spiking_command(arguments=None):
    """Train a spiking network by backpropagation through its filtered spikes, then evaluate it."""
    parser = command_parser(
        "train-spiking",
        "Train a fully connected spiking network with labels, by backpropagation through its filtered spikes (Lee, "
        "Delbruck & Pfeiffer 2016). The last twelfth of the training images (5,000 of MNIST) chooses the best epoch, "
        "whose network is model.pt; test accuracy is written down after each epoch and decides nothing. Needs PyTorch: "
        'pip install "stdpnet[torch]".',
        "--layers 300-300 --dataset mnist --out results/spiking",
    )
    parser.add_argument("--out", metavar="FOLDER", help="run folder (default: a new one in results/)")
    parser.add_argument("--resume", action="store_true", help="continue the run in --out from its last epoch")
    add_fields(parser.add_argument_group("training"), SpikingConfig, "")
    for name, kind in GROUPS.items():
        add_fields(parser.add_argument_group(name, str(kind.__doc__).splitlines()[0]), kind, f"{name}-")
    args = parser.parse_args(arguments)
    if args.resume and not args.out:
        raise ConfigError("--resume needs --out FOLDER, the run to continue")
    require_torch("training a spiking network")
    from stdpnet.experiments.backprop import run
    from stdpnet.experiments.backprop.folder import SpikingFolder

    asked = _asked(args, SpikingConfig, GROUPS)
    if args.resume:
        folder = SpikingFolder(args.out)
        config = folder.resumed_config(asked)
    else:
        config = SpikingConfig(**asked)
        folder = SpikingFolder(args.out or free_folder(f"results/{_name(config)}"))
    train_and_evaluate("train-spiking", config, folder, args.resume, run)


def _asked(args, kind, groups):
    """Return what the command line sets, as nested plain data."""
    given = {item.name: getattr(args, item.name) for item in fields(kind) if item.name in args}
    for group, of in groups.items():
        found = {
            item.name: getattr(args, f"{group}-{item.name}") for item in fields(of) if f"{group}-{item.name}" in args
        }
        given |= {group: found} if found else {}
    return given


def _name(config):
    dataset = config.dataset.rstrip("/").rsplit("/", 1)[-1]
    return f"{dataset}_{config.input}_{config.layers}_{config.winner_take_all}_seed{config.seed}"
