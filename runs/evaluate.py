"""Evaluate a trained network: python runs/evaluate.py --help."""

import sys

from stdpnet.commandline import run_main
from stdpnet.commands import evaluate_command

if __name__ == "__main__":
    sys.exit(run_main(evaluate_command))
