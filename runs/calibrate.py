"""Find parameters that the paper does not publish: python runs/calibrate.py --help."""

import sys

from stdpnet.commands.calibrate import calibrate_command
from stdpnet.commands.process import run_main

if __name__ == "__main__":
    sys.exit(run_main(calibrate_command))
