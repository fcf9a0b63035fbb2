"""Train and evaluate every combination of rules, sizes and seeds: python runs/sweep.py --help."""

import sys

from stdpnet.commands import sweep_command
from stdpnet.commands.process import run_main

if __name__ == "__main__":
    sys.exit(run_main(sweep_command))
