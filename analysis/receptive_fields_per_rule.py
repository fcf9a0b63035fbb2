"""Input weights under each rule, side by side: networks of one size and one seed."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("receptive-fields-per-rule"))
