"""Evaluate a trained network: python runs/evaluate.py --help."""

import sys

from stdpnet.commands.evaluate import evaluate_command
from stdpnet.commands.process import run_main

if __name__ == "__main__":
    sys.exit(run_main(evaluate_command))
