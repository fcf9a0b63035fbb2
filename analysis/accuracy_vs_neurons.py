"""Accuracy against the number of neurons for each rule, beside the results of Diehl & Cook 2015, Fig. 2B."""

import sys

from stdpnet.plots.accuracy_vs_neurons import draw
from stdpnet.plots.figure import comparison_script

if __name__ == "__main__":
    sys.exit(comparison_script(__doc__, "accuracy_vs_neurons.png", draw))
