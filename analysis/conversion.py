"""Converted networks: accuracy after every time step, and error against operations."""

import sys

from stdpnet.plots.conversion import draw, read_reports
from stdpnet.plots.figure import conversion_script

if __name__ == "__main__":
    sys.exit(conversion_script(__doc__, "conversion.png", draw, read_reports))
