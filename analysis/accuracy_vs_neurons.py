"""Accuracy against the number of neurons for each rule, beside the results of Diehl & Cook 2015, Fig. 2B."""

import sys

from stdpnet.commands.figures import comparison_script
from stdpnet.plots.accuracy_vs_neurons import draw

if __name__ == "__main__":
    sys.exit(comparison_script(__doc__, "accuracy_vs_neurons.png", draw))
