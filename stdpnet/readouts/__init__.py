"""Readouts: from the spikes of a frozen network to classes, one file each.

A readout is made from the responses to training images, which carry their labels, and is
complete from then on. Its ``predict`` takes spikes only: there is no argument that could take
the label of a test image.
"""

from stdpnet.readouts.label_assigner import MeanResponse, assign, predict
from stdpnet.readouts.logistic import LogisticRegressionProbe
from stdpnet.readouts.ngram import NGram
from stdpnet.readouts.proportion import ProportionWeighting

#: The first one is the paper's: it gives the accuracy of a run.
READOUTS = (MeanResponse, ProportionWeighting, NGram, LogisticRegressionProbe)

__all__ = [
    "READOUTS",
    "LogisticRegressionProbe",
    "MeanResponse",
    "NGram",
    "ProportionWeighting",
    "assign",
    "predict",
]
