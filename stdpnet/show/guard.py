"""Who may ask the page's server: this machine's browser, at the address that was printed, with little at a time."""

from secrets import compare_digest, token_urlsafe

from bottle import HTTPError, HTTPResponse, request

#: What the browser may do with what it gets: load from here, and nothing from elsewhere.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # the address holds the token
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Refuses requests without the token, or to another host: names of other sites can be made to lead here.

    Parameters
    ----------
    port : int
        On which the server listens.

    Attributes
    ----------
    token : str
        The first part of every path.
    """

    def __init__(self, port: int) -> None:
        self.token = token_urlsafe(16)
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    def check(self) -> None:
        """Check bottle's current request.

        Raises
        ------
        HTTPError
            403.
        """
        if request.get_header("Host", "") not in self.hosts:
            raise HTTPError(403, "this server answers as 127.0.0.1 alone")
        token = request.path.split("/")[1]
        if not compare_digest(token.encode(), self.token.encode()):
            raise HTTPError(403, "the address lacks its token: take it whole from the terminal")

    def finish(self, answer: HTTPResponse) -> None:
        """Add `HEADERS` to an answer."""
        for name, value in HEADERS.items():
            answer.set_header(name, value)


def body(size: int) -> bytes:
    """Return the body of bottle's current request.

    Parameters
    ----------
    size : int
        What it has to have, in bytes. Nothing is read of another.

    Raises
    ------
    HTTPError
        411, 413 or 400.
    """
    said = request.get_header("Content-Length", "")
    if not said.isdecimal():
        raise HTTPError(411, f"found no length of the body, expected {size} bytes")
    if int(said) != size:
        raise HTTPError(413 if int(said) > size else 400, f"found a body of {int(said)} bytes, expected {size}")
    found = request.environ["wsgi.input"].read(size)
    if len(found) != size:
        raise HTTPError(400, f"the body ended after {len(found)} bytes, expected {size}")
    return found
