"""The page's server: on this machine's loopback alone, with a thread for each request."""

from socketserver import ThreadingMixIn
from types import TracebackType
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from stdpnet.base.errors import ConfigError
from stdpnet.show.application import application
from stdpnet.show.guard import Guard
from stdpnet.show.live import LiveNetwork
from stdpnet.show.source import Source

HOST = "127.0.0.1"


class PageServer:
    """Listens from the beginning, and answers while `run` runs.

    Parameters
    ----------
    source : Source
    network : LiveNetwork
        Of the source's model.
    port : int
        0 stands for any that is free.

    Attributes
    ----------
    address : str
        Of the page, with its token.

    Raises
    ------
    ConfigError
        When the port cannot be had.
    """

    def __init__(self, source: Source, network: LiveNetwork, port: int = 0) -> None:
        try:
            self._server = _Server((HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or "expected 0 to 65535"
            raise ConfigError(f"port is {port}: {why}; choose another, or leave it out for one that is free") from None
        guard = Guard(self._server.server_port)
        self._server.set_app(application(source, network, guard))
        self.address = f"http://{HOST}:{self._server.server_port}/{guard.token}/"

    def run(self) -> None:
        """Answer until `stop` is called, or the process interrupted."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """Let `run` return, which runs in another thread."""
        self._server.shutdown()

    def __enter__(self) -> "PageServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True  # a browser keeps connections open, which would hold up the end

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that goes away is no error, and the application answers its own."""


class _Handler(WSGIRequestHandler):
    timeout = 30  # s, of a connection on which nothing comes

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal keeps the address."""
