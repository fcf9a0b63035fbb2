"""Readouts: from the spikes of a frozen network to classes, one file each.

A readout is made from the responses to training images, which carry their labels, and is complete from then on. Its
``predict`` takes spikes only: there is no argument that could take the label of a test image. `Readout` says what one
has; the mean response is the paper's, and the one that gives the accuracy of a run.

In all of them :math:`n_{ij}` is the number of spikes of neuron :math:`j` while image :math:`i` is shown, :math:`c_i`
the class of a training image, and :math:`r_{cj}` the mean of :math:`n_{ij}` over the training images of class
:math:`c`.
"""

from stdpnet.readouts.logistic import LogisticRegressionProbe
from stdpnet.readouts.mean_response import MeanResponse, assign, predict
from stdpnet.readouts.ngram import NGram
from stdpnet.readouts.proportion import ProportionWeighting
from stdpnet.readouts.readout import Readout, Spikes

#: The first one is the paper's: it gives the accuracy of a run.
READOUTS: tuple[type[Readout], ...] = (MeanResponse, ProportionWeighting, NGram, LogisticRegressionProbe)

__all__ = [
    "READOUTS",
    "LogisticRegressionProbe",
    "MeanResponse",
    "NGram",
    "ProportionWeighting",
    "Readout",
    "Spikes",
    "assign",
    "predict",
]
