"""Classify pictures with a model file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from stdpnet.base.logs import log_to
from stdpnet.base.scoring import NO_ANSWER
from stdpnet.commands.process import called, command_parser
from stdpnet.datasets.images import Scale
from stdpnet.datasets.readers.one_picture import prepared
from stdpnet.learning.models.model import Model
from stdpnet.learning.models.model_file import load_model
from stdpnet.readouts.vote import elect


def classify_command(arguments: Sequence[str] | None = None) -> None:
    """Print class, vote and spikes of pictures.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Raises
    ------
    StdpnetError
        When the model or a picture cannot be read.
    """
    parser = command_parser(
        "classify",
        "Classify pictures of any format that Pillow reads. They are resized and inverted as the training images ask "
        "for, which is said. The vote of a class is the mean number of spikes of the neurons that are named after it.",
        "digits.npz three.png seven.jpg",
    )
    parser.add_argument("model", metavar="MODEL", help=f"file of {called('export')}")
    parser.add_argument("pictures", metavar="PICTURE", nargs="+")
    args = parser.parse_args(arguments)
    log_to()
    model = replace(load_model(args.model), scale=Scale())  # pictures have grey levels from 0 to 255
    images = [prepared(Path(path), model.image_shape, model.background) for path in args.pictures]
    counts = model.counts(np.stack([image for image, _ in images]))
    for path, (_, done), spikes, votes in zip(args.pictures, images, counts, model.votes(counts), strict=True):
        print(f"{path}: {_answer(model, votes)}; {spikes.sum()} spikes{f' ({done})' * bool(done)}")


def _answer(model: Model, votes: np.ndarray) -> str:
    place = int(elect(np.arange(len(votes)), votes[None])[0])
    if place == NO_ANSWER:
        return "no answer, since no named neuron responds"
    others = [f"{model.classes[k]} with {votes[k]:.2f}" for k in np.argsort(-votes)[:3] if k != place and votes[k]]
    after = f", then {' and '.join(others[:2])}" if others else ""
    return f"{model.classes[place]}, with a vote of {votes[place]:.2f}{after}"
