"""Find parameters that the paper does not publish: python runs/calibrate.py --help."""

import sys

from stdpnet.commandline import run_main
from stdpnet.commands import calibrate_command

if __name__ == "__main__":
    sys.exit(run_main(calibrate_command))
