"""What each mechanism is worth: accuracy without it, less that of the whole network of the same seed."""

import sys

from stdpnet.commands.plot import figure_script

if __name__ == "__main__":
    sys.exit(figure_script("mechanisms"))
