"""LIF neurons as activation: their rate and its slope, hard and soft, and how much their filtered spikes scatter."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("rate-curves"))
