"""Accuracy against the number of neurons for each rule, beside the results of Diehl & Cook 2015, Fig. 2B."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("accuracy-vs-neurons"))
