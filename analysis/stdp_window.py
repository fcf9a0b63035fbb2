"""What a pair of spikes does to a weight under each rule, as the simulator computes it."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("stdp-window"))
