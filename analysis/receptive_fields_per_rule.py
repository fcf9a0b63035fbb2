"""Input weights under each rule, side by side: networks of one size and one seed."""

import sys

from stdpnet.commands.figures import comparison_script
from stdpnet.plots.receptive_fields_per_rule import add_arguments, draw

if __name__ == "__main__":
    sys.exit(comparison_script(__doc__, "receptive_fields_per_rule.png", draw, add_arguments))
