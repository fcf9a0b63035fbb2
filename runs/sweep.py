"""Train and evaluate every combination of rules, sizes and seeds: python runs/sweep.py --help."""

import sys

from stdpnet.commands.process import run_main
from stdpnet.commands.sweep import sweep_command

if __name__ == "__main__":
    sys.exit(run_main(sweep_command))
