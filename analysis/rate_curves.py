"""Rates of LIF neurons, hard and soft, their slopes, and how much filtered spikes scatter (Hunsberger 2016)."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("rate-curves"))
