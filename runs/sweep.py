"""Train and evaluate every combination of rules, sizes and seeds: python runs/sweep.py --help."""

import sys

from stdpnet.commandline import run_main
from stdpnet.commands import sweep_command

if __name__ == "__main__":
    sys.exit(run_main(sweep_command))
