"""Networks of PyTorch to be trained and converted: ReLUs, no activation without a spiking counterpart."""

from stdpnet.base.errors import ConfigError
from stdpnet.conversion.ann.architectures.dense import dense
from stdpnet.conversion.ann.architectures.lenet import lenet

ARCHITECTURES = {"lenet": lenet, "dense": dense}


def build(architecture, input_shape, n_classes):
    """Return an untrained network, its weights drawn from PyTorch's global generator.

    Parameters
    ----------
    architecture : {"lenet", "dense"}
    input_shape : tuple of int
        Channels, height and width of an image.
    n_classes : int

    Returns
    -------
    torch.nn.Sequential
        With the attributes ``input_shape`` and ``n_classes``.

    Raises
    ------
    ConfigError
        When there is no such architecture, or the images are too small for it.
    """
    if architecture not in ARCHITECTURES:
        raise ConfigError(f"architecture is {architecture!r}; expected one of {', '.join(ARCHITECTURES)}")
    model = ARCHITECTURES[architecture](input_shape, n_classes)
    model.input_shape, model.n_classes = tuple(input_shape), n_classes
    return model
