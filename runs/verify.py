"""Compare the figures of the documentation with the runs behind them: python runs/verify.py --help."""

import sys

from stdpnet.commands.process import run_main
from stdpnet.commands.verify import verify_command

if __name__ == "__main__":
    sys.exit(run_main(verify_command))
