"""Networks of PyTorch to be trained and converted: ReLUs, no activation without a spiking counterpart."""

from collections import OrderedDict
from collections.abc import Callable

from torch import nn

from stdpnet.base.errors import ConfigError
from stdpnet.conversion.ann.architectures.alexnet import ALEXNETS
from stdpnet.conversion.ann.architectures.binary import BINARY
from stdpnet.conversion.ann.architectures.dense import dense
from stdpnet.conversion.ann.architectures.diehl import diehl
from stdpnet.conversion.ann.architectures.fitnet import FITNETS
from stdpnet.conversion.ann.architectures.inception import inception
from stdpnet.conversion.ann.architectures.inception_v3 import inception_v3
from stdpnet.conversion.ann.architectures.lenet import lenet
from stdpnet.conversion.ann.architectures.local import local
from stdpnet.conversion.ann.architectures.nin import nin
from stdpnet.conversion.ann.architectures.resnet import RESNETS
from stdpnet.conversion.ann.architectures.vgg import VGGS

ARCHITECTURES: dict[str, Callable[..., OrderedDict[str, nn.Module]]] = {
    "lenet": lenet,
    "dense": dense,
    "diehl": diehl,
    "local": local,
    "nin": nin,
    **VGGS,
    **RESNETS,
    "inception": inception,
    "inception-v3": inception_v3,
    **ALEXNETS,
    **FITNETS,
    **BINARY,
}


class Network(nn.Sequential):
    """Layers one after the other, which know what images they take.

    Parameters
    ----------
    layers : OrderedDict of str to torch.nn.Module
    input_shape : tuple of int
        Channels, height and width of an image.
    n_classes : int
    """

    def __init__(self, layers, input_shape: tuple[int, ...], n_classes: int):
        super().__init__(layers)
        self.input_shape, self.n_classes = tuple(input_shape), n_classes


def build(architecture: str, input_shape: tuple[int, ...], n_classes: int) -> Network:
    """Return an untrained network, its weights drawn from PyTorch's global generator.

    Parameters
    ----------
    architecture : str
        A name in `ARCHITECTURES`.
    input_shape : tuple of int
        Channels, height and width of an image.
    n_classes : int

    Returns
    -------
    Network

    Raises
    ------
    ConfigError
        When there is no such architecture, or the images are too small for it.

    Examples
    --------
    >>> build("dense", (1, 28, 28), 10).dense3
    Linear(in_features=1200, out_features=10, bias=False)
    """
    if architecture not in ARCHITECTURES:
        raise ConfigError(f"architecture is {architecture!r}; expected one of {', '.join(ARCHITECTURES)}")
    return Network(ARCHITECTURES[architecture](input_shape, n_classes), input_shape, n_classes)
