"""Show a model at work on a local page."""

import webbrowser
from collections.abc import Sequence

from stdpnet.base.logs import LOGGER, log_to
from stdpnet.base.optional import require
from stdpnet.commands.process import called, command_parser
from stdpnet.datasets import TAKES
from stdpnet.show.live import LiveNetwork
from stdpnet.show.source import read_source


def show_command(arguments: Sequence[str] | None = None) -> None:
    """Open a page on which one draws an image and watches the network answer.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Raises
    ------
    StdpnetError
        When the model, the data set or the port is not usable, or bottle is not installed.
    """
    parser = command_parser(
        "show",
        "Open a page in the browser: draw an image, or choose a test image, and watch the network answer in slow "
        "motion. It is for this machine alone, and loads nothing from elsewhere. Ctrl-C ends it.",
        "results/400",
    )
    parser.add_argument("model", metavar="MODEL", help=f"file of {called('export')}, or run folder, evaluated")
    parser.add_argument(
        "--dataset", default="", metavar="NAME", help=f"where test images are (default: those of the run): {TAKES}"
    )
    parser.add_argument("--port", type=int, default=0, metavar="N", help="of the page (default: one that is free)")
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    args = parser.parse_args(arguments)
    log_to()
    require("bottle", f"{called('show')}", "show")
    from stdpnet.show.server import PageServer  # here, since it needs bottle

    source = read_source(args.model, args.dataset)
    with PageServer(source, LiveNetwork(source.model, LOGGER.info), args.port) as server:
        print(f"{server.address}\nCtrl-C ends it", flush=True)
        if not args.no_browser:
            webbrowser.open(server.address)
        try:
            server.run()
        except KeyboardInterrupt:
            print("ended")
