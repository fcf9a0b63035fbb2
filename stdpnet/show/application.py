"""What the page's server answers: its files, the model, and what drawings and test images bring."""

import json
from importlib.resources import files
from typing import Any

import numpy as np
from bottle import Bottle, HTTPError, request, response

from stdpnet.base.errors import StdpnetError
from stdpnet.show.description import fields_data, model_data, presentation_data
from stdpnet.show.drawing import cell_of, image_of
from stdpnet.show.guard import Guard, body
from stdpnet.show.live import LiveNetwork
from stdpnet.show.source import Source

#: Of the page's files, by their ending.
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


def application(source: Source, network: LiveNetwork, guard: Guard) -> Bottle:
    """Return the WSGI application of the page.

    Parameters
    ----------
    source : Source
    network : LiveNetwork
        Of the source's model.
    guard : Guard

    Returns
    -------
    bottle.Bottle
        Errors are JSON, ``{"error": sentence}``.
    """
    app, page, (height, width) = Bottle(), _page(), source.model.image_shape
    root, cell = f"/{guard.token}", cell_of(source.model.image_shape)
    about, fields = model_data(source), fields_data(source)

    def answered(image: np.ndarray, done: str) -> dict[str, Any]:
        try:
            return presentation_data(source, image, network.present(image), done)
        except StdpnetError as error:
            raise HTTPError(500, str(error)) from None

    @app.get(f"{root}/")
    def index() -> bytes:
        return file("index.html")

    @app.get(f"{root}/<name>")
    def file(name: str) -> bytes:
        if name not in page:
            raise HTTPError(404, f"there is no {name!r} here")
        response.content_type = TYPES[name.rpartition(".")[2]]
        return page[name]

    @app.get(f"{root}/model")
    def model() -> dict[str, Any]:
        return about

    @app.get(f"{root}/fields")
    def receptive_fields() -> bytes:
        response.content_type = "application/octet-stream"
        return fields

    @app.post(f"{root}/drawing")
    def drawing() -> dict[str, Any]:
        ink = np.frombuffer(body(cell * cell * height * width), np.uint8).reshape(cell * height, cell * width)
        centred = about["centring"] and request.query.get("centred") == "yes"
        return answered(*image_of(ink, (height, width), source.model.background, centred))

    @app.get(f"{root}/test/<number:int>")
    def test_image(number: int) -> dict[str, Any]:
        n = len(source.test_images)
        if not 0 <= number < n:
            raise HTTPError(404, f"there is no test image {number}, expected 0 to {n - 1}" if n else "no test images")
        label = f", labelled {source.test_labels[number]}" if source.test_labels else ""
        return answered(source.test_images[number], f"test image {number}{label}")

    app.add_hook("before_request", guard.check)
    app.add_hook("after_request", lambda: guard.finish(response))
    app.default_error_handler = _error
    return app


def _page() -> dict[str, bytes]:
    """Return the files of the page by name."""
    found = files("stdpnet.show").joinpath("page").iterdir()
    return {file.name: file.read_bytes() for file in found if file.name.rpartition(".")[2] in TYPES}


def _error(error: HTTPError) -> str:
    response.content_type = "application/json"
    return json.dumps({"error": str(error.body)})
