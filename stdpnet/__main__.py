"""``python -m stdpnet``: the same as the command ``stdpnet``."""

import sys

from stdpnet.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
