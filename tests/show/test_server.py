"""The page's server, without a browser: who may ask, what it takes, and that it answers as the model does."""

import json
import re
import socket
from urllib.parse import urlsplit

import numpy as np
import pytest

from stdpnet.base.errors import ConfigError
from stdpnet.show.description import fields_data, model_data
from stdpnet.show.live import LiveNetwork
from stdpnet.show.server import PageServer

SIZE = 280 * 280


def error(found):
    status, headers, body = found
    assert headers["Content-Type"] == "application/json"
    return status, json.loads(body)["error"]


@pytest.mark.parametrize("path", ["", "model", "fields", "app.js", "test/0"])
@pytest.mark.parametrize("token", ["/", "/wrong/", "/%C3%B6/"])
def test_without_the_token_there_is_nothing(ask, path, token):
    found = ask(path, token=token)
    assert error(found) == (403, "the address lacks its token: take it whole from the terminal")
    assert found[1]["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "", "127.0.0.1:1"])
def test_another_host_is_refused(ask, host):
    assert error(ask(host=host)) == (403, "this server answers as 127.0.0.1 alone")


def test_it_listens_on_this_machine_alone(small_server):
    address = urlsplit(small_server.address)
    assert address.hostname == "127.0.0.1" and len(address.path) > 20
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", address.port), timeout=5)


def test_the_page_needs_nothing_from_elsewhere(ask):
    status, headers, html = ask()
    assert status == 200 and headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Referrer-Policy"] == "no-referrer" and headers["Cache-Control"] == "no-store"
    named = re.findall(r'(?:src|href)="([^"]+)"', html.decode())
    assert {"app.js", "style.css", "controls.css", "parts.css", "icon.svg"} == set(named)
    seen = set()
    while new := set(named) - seen:
        seen |= new
        for name in new:
            status, _, text = ask(name)
            assert status == 200, name
            assert not re.search(rb"(?<!www.w3.org/2000/svg)https?://(?!www\.w3\.org/2000/svg)|@import|url\(", text), (
                name
            )
            named += [found.removeprefix("./") for found in re.findall(r'from "([^"]+)"', text.decode())]
    assert len(seen) > 12


def test_other_paths_and_methods_are_refused_in_a_sentence(ask):
    assert error(ask("..%2F__init__.py"))[0] == 404
    assert error(ask("secret.txt")) == (404, "there is no 'secret.txt' here")
    assert error(ask("drawing"))[0] == 404
    assert error(ask("model", "POST", headers={"Content-Length": "0"}))[0] == 405


BAD_BODIES = {
    "none": ({}, None, 411, "found no length of the body, expected 78400 bytes"),
    "chunks": ({"Transfer-Encoding": "chunked"}, b"0\r\n\r\n", 411, "found no length of the body"),
    "no number": ({"Content-Length": "many"}, None, 411, "found no length of the body"),
    "negative": ({"Content-Length": "-1"}, None, 411, "found no length of the body"),
    "short": ({"Content-Length": "3"}, b"abc", 400, "found a body of 3 bytes, expected 78400"),
    "huge": ({"Content-Length": str(10**12)}, None, 413, "found a body of 1000000000000 bytes, expected 78400"),
}


@pytest.mark.parametrize("headers, body, status, message", BAD_BODIES.values(), ids=BAD_BODIES)
def test_a_body_of_another_size_is_refused(ask, headers, body, status, message):
    found = error(ask("drawing", "POST", headers=headers, body=body))
    assert found[0] == status and found[1].startswith(message)


def test_a_body_that_ends_early_is_refused(small_server):
    address = urlsplit(small_server.address)
    with socket.create_connection(("127.0.0.1", address.port), timeout=20) as connection:
        lines = f"POST {address.path}drawing HTTP/1.1", f"Host: {address.netloc}", f"Content-Length: {SIZE}", "", "abc"
        connection.sendall("\r\n".join(lines).encode())
        connection.shutdown(socket.SHUT_WR)
        assert b"the body ended after 3 bytes, expected 78400" in connection.makefile("rb").read()


def test_a_drawing_brings_the_answer_of_the_model(ask, small):
    levels = small.test_images[1]
    ink = np.kron(levels, np.ones((35, 35), np.uint8)).tobytes()
    status, _, body = ask("drawing", "POST", headers={"Content-Length": str(SIZE)}, body=ink)
    found = json.loads(body)
    assert status == 200 and found["done"] == "taken as it is drawn, at 8 × 8" and found["named"]
    np.testing.assert_array_equal(np.reshape(found["image"], (8, 8)), levels)
    other = json.loads(ask("test/2")[2])
    assert other["image"] == small.test_images[2].ravel().tolist()
    assert other["done"] == f"test image 2, labelled {small.test_labels[2]}"
    counts = small.model.counts(small.test_images[1:3])
    for presented, expected, vote in zip((found, other), counts, small.model.votes(counts), strict=True):
        times, who = (np.array(presented["spikes"]["excitatory"][name]) for name in ("times", "who"))
        np.testing.assert_array_equal(np.bincount(who, minlength=10), expected)
        assert expected.sum() > 10 and times.max() < 40 and (np.diff(times) >= 0).all()
        np.testing.assert_allclose(presented["votes"], vote, atol=1e-4)
        assert presented["answer"] == str(vote.argmax()) and presented["repetitions"] == 0
        assert len(presented["spikes"]["inhibitory"]["who"]) and set(presented["spikes"]["inputs"]["who"]) <= set(
            range(64)
        )


def test_test_images_end_somewhere(ask):
    assert error(ask("test/30")) == (404, "there is no test image 30, expected 0 to 29")
    assert error(ask("test/-1"))[0] == 404
    assert error(ask("test/x"))[0] == 404


def test_the_model_is_described(ask, small):
    found = json.loads(ask("model")[2])
    assert found == model_data(small)
    assert (found["height"], found["width"], found["cell"], found["centring"], found["signed"]) == (
        8,
        8,
        35,
        False,
        False,
    )
    assert found["classes"] == [str(k) for k in range(10)] and found["test_images"] == 30 and found["window"] == 40
    fields = np.frombuffer(ask("fields")[2], np.uint8).reshape(10, 64)
    weights = small.model.state.weights.T
    assert fields.max() == 255 and np.corrcoef(fields.ravel(), weights.ravel())[0, 1] > 0.999


def test_signals_by_contrast_have_two_inputs_for_each_point(signals):
    found, model = model_data(signals), signals.model
    assert (found["height"], found["width"], found["cell"], found["signed"]) == (1, 12, 23, True)
    assert found["classes"] == ["early", "late", "never"] and found["test_images"] == 0
    fields = np.frombuffer(fields_data(signals), np.uint8).reshape(3, 12)
    assert fields[0, 2] > 128 > fields[0, 8] and fields[1, 8] > 128 > fields[1, 2]
    image = np.full((1, 12), 100, np.uint8)
    image[0, 7:11] = 240
    presented = LiveNetwork(model).present(image)
    assert presented.answer == "late"
    inputs = presented.recording.spikes["inputs"][1]
    assert 12 < inputs.max() < 24  # OFF
    np.testing.assert_array_equal(presented.counts, model.counts(image)[0])


def test_where_nobody_votes_the_answer_is_that_of_predict(ask, small):
    found = json.loads(ask("drawing", "POST", headers={"Content-Length": str(SIZE)}, body=bytes(SIZE))[2])
    assert not found["named"] and not any(found["votes"]) and found["done"] == "nothing is drawn"
    assert found["answer"] == str(small.model.classes[small.model.most_frequent])


@pytest.mark.parametrize("port", [70000, -1])
def test_an_impossible_port_is_refused(small, port):
    with pytest.raises(ConfigError, match=rf"port is {port}: expected 0 to 65535; choose another"):
        PageServer(small, None, port)


def test_a_port_in_use_is_refused(small, small_server):
    port = urlsplit(small_server.address).port
    with pytest.raises(ConfigError, match=rf"port is {port}: Address already in use; choose another"):
        PageServer(small, None, port)
