"""What the page is told: the model, its receptive fields, and a presentation, as plain data."""

from typing import Any

import numpy as np

from stdpnet.learning.fields import fields_of
from stdpnet.learning.values import inhibitory_neurons
from stdpnet.show.drawing import SHAPE, cell_of
from stdpnet.show.live import Presented
from stdpnet.show.source import Source


def model_data(source: Source) -> dict[str, Any]:
    """Return what the page says of a model and has to know of it, for JSON.

    Parameters
    ----------
    source : Source
    """
    model = source.model
    config, (height, width) = model.config, model.image_shape
    return {
        "neurons": config.neurons,
        "inhibitory": inhibitory_neurons(config),
        "rule": config.plasticity.name,
        "presented": model.state.presented,
        "height": height,
        "width": width,
        "cell": cell_of(model.image_shape),
        "centring": model.image_shape == SHAPE,
        "dark": model.background < 128,
        "signed": len(model.state.weights) == 2 * height * width,
        "classes": [str(name) for name in model.classes],
        "assignments": model.assignments.tolist(),
        "window": config.presentation.window,
        "test_images": len(source.test_images),
    }


def fields_data(source: Source) -> bytes:
    """Return the receptive fields as grey levels, neuron by neuron, a byte for each pixel.

    0 is no weight and 255 the strongest but for 1 in 1,000. Of a network that is driven by contrast it is the weight of
    ON minus that of OFF, and 128 is none.

    Parameters
    ----------
    source : Source
    """
    model = source.model
    fields, low, high = fields_of(model.state.weights, model.image_shape[0] * model.image_shape[1])
    none, range_ = (128, 127) if low < 0 else (0, 255)
    levels = none + range_ * (fields / high).clip(low / high, 1)
    return np.rint(levels).astype(np.uint8).T.tobytes()


def presentation_data(source: Source, image: np.ndarray, presented: Presented, done: str) -> dict[str, Any]:
    """Return a presentation for JSON; times are in ms.

    Parameters
    ----------
    source : Source
    image : ndarray of uint8, shape (height, width)
        What was shown.
    presented : Presented
    done : str
        What was done to the image before, or where it comes from.
    """
    recording = presented.recording
    return {
        "image": image.ravel().tolist(),
        "done": done,
        "answer": str(presented.answer),
        "named": bool(presented.votes.any()),
        "votes": presented.votes.round(4).tolist(),
        "repetitions": int(recording.repetitions[-1]),
        "spikes": {
            name: {"times": times[inside].round(3).tolist(), "who": who[inside].tolist()}
            for name, (times, who) in recording.spikes.items()
            for inside in [times < recording.window]
        },
    }
