"""Converted networks: accuracy after every time step, and error against operations."""

import sys

from stdpnet.commands.figures import conversion_script
from stdpnet.plots.conversion.accuracy import draw, read_reports

if __name__ == "__main__":
    sys.exit(conversion_script(__doc__, "conversion.png", draw, read_reports))
