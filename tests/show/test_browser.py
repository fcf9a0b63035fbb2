"""The page in a real browser: drawing with mouse, finger and keys, the answer, time."""

import time

import numpy as np
import pytest
from serving import served

from stdpnet.show.live import LiveNetwork

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

SEVEN = [(80, 70), (200, 64), (150, 170), (125, 235)]


@pytest.fixture(scope="module")
def network(mnist):
    return LiveNetwork(mnist.model)


@pytest.fixture(scope="module")
def address(mnist, network):
    with served(mnist, network) as server:
        yield server.address


class Page:
    """The page in a browser, by the names of its elements."""

    def __init__(self, browser, address, motion="no-preference", width=1400):
        self.browser = browser.driver
        browser.open(address, width, motion=motion)
        self.wait(lambda: self.text("about").startswith("10 neurons"))

    def __getitem__(self, name):
        return self.browser.find_element("id", name)

    def text(self, name):
        return self[name].text

    def wait(self, ready, seconds=30):
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, f"waited for {seconds} s; the page says {self.text('status')!r}"
            time.sleep(0.05)

    def answered(self, act):
        """Do something, wait for the answer, and return the image that the page says it sent, and the answer."""
        self.browser.execute_script("document.getElementById('status').textContent = ''")
        act()
        self.wait(lambda: self.text("status").startswith("answered in"))
        script = "return [...seen.getContext('2d').getImageData(0, 0, seen.width, seen.height).data]"
        image = np.array(self.browser.execute_script(script), np.uint8)[::4].reshape(28, 28)
        return image, self.text("answer")

    def draw(self, points, kind="mouse"):
        from selenium.webdriver.common.action_chains import ActionBuilder
        from selenium.webdriver.common.actions.pointer_input import PointerInput

        canvas = self["drawing"]
        actions = ActionBuilder(self.browser, mouse=PointerInput(kind, kind), duration=20)
        share = canvas.size["width"] / 280
        places = [(round((x - 140) * share), round((y - 140) * share)) for x, y in points]
        actions.pointer_action.move_to(canvas, *places[0]).pointer_down()
        for place in places[1:]:
            actions.pointer_action.move_to(canvas, *place)
        actions.pointer_action.pointer_up()
        actions.perform()

    def press(self, keys, name=None):
        from selenium.webdriver.common.action_chains import ActionChains

        if name:
            self.browser.execute_script("arguments[0].focus({focusVisible: true})", self[name])
        else:
            self.browser.execute_script("document.activeElement.blur()")
        ActionChains(self.browser, duration=0).send_keys(keys).perform()


ARROW = {"left": "\ue012", "up": "\ue013", "right": "\ue014", "down": "\ue015"}
END, HOME = "\ue010", "\ue011"


def test_what_is_drawn_gets_the_answer_of_the_model(browser, address, mnist):
    page = Page(browser, address)
    found = [page.answered(lambda: page.draw(SEVEN))]
    assert page.text("done") == "Fitted into 20 × 20 and centred by its mass in 28 × 28, as MNIST's digits are."
    page["clear"].click()
    one = [(140, 50), (140, 230)]
    found.append(page.answered(lambda: page.draw(one, "touch")))
    as_drawn, _ = page.answered(lambda: page["centred"].click())
    assert as_drawn[5:23, 13:15].all() and page.text("done") == "Taken as it is drawn, at 28 × 28."
    page.press("c")
    assert page.browser.execute_script("return drawing.getContext('2d').getImageData(140, 140, 1, 1).data[3]") == 0
    found.append(page.answered(lambda: page.press(" " + 8 * ARROW["down"] + 5 * ARROW["left"] + " ", "drawing")))
    assert all((image > 0).sum() > 20 for image, _ in found)
    number = page["number"]
    number.clear()
    number.send_keys("3")
    found.append(page.answered(lambda: number.submit()))
    np.testing.assert_array_equal(found[-1][0], mnist.test_images[3])
    assert page.text("done") == f"Test image 3, labelled {mnist.test_labels[3]}."
    expected = mnist.model.predict(np.stack([image for image, _ in found]))
    assert [answer for _, answer in found] == [str(name) for name in expected]
    assert len({answer for _, answer in found}) > 1


def test_time_stands_still_steps_and_fills_the_vote(browser, address, mnist, network):
    presented = network.present(mnist.test_images[1])
    page = Page(browser, address)
    page["speed"].find_element("css selector", "option[value='100']").click()
    image, _ = page.answered(lambda: page["next"].click())
    np.testing.assert_array_equal(image, mnist.test_images[1])
    assert page.text("play") == "Pause"
    page.press(" ")
    stood = page.text("clock")
    time.sleep(0.2)
    assert page.text("play") == "Play" and page.text("clock") == stood
    page.press(HOME)
    moments = np.unique(presented.recording.spikes["excitatory"][0])
    for k, key in enumerate([".", ".", ".", ","]):
        page.press(key)
        assert page.text("clock") == f"{moments[min(k, 4 - k)]:.1f} ms"
    page["step"].click()
    assert page.text("clock") == f"{moments[2]:.1f} ms"
    winners = page.browser.execute_script(
        "return [...document.querySelectorAll('#winners li span')].map(e => e.textContent)"
    )
    order = np.lexsort((np.arange(10), -presented.counts))
    times, who = presented.recording.spikes["excitatory"]
    so_far = np.bincount(who[times <= moments[2]], minlength=10)
    expected = [f"{so_far[k]} of {presented.counts[k]} spikes" for k in order if presented.counts[k]]
    assert winners == expected[:6]
    page.press(END, "position")
    assert page.text("clock") == "40.0 ms"
    votes = page.browser.execute_script(
        "return [...document.querySelectorAll('#votes .value')].map(e => e.textContent)"
    )
    assert votes == [f"{vote:.2f}" for vote in presented.votes]
    page.press(" ")  # from the beginning
    assert page.text("play") == "Pause"
    page.press(3 * ARROW["right"], "neurons")
    assert page.text("neuron").startswith("Neuron 2, named 2: ")


def test_nothing_moves_by_itself_where_motion_is_unwelcome(browser, address):
    page = Page(browser, address, motion="reduce", width=400)
    page.answered(lambda: page["next"].click())
    assert page.text("play") == "Play" and page.text("clock") == "40.0 ms"
    assert 300 < page.browser.execute_script("return document.documentElement.scrollWidth") <= 400


def test_the_page_asks_nobody_else_and_complains_about_nothing(browser, address):
    page = Page(browser, address)
    asked = page.browser.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert len(asked) > 12 and all(name.startswith(address) for name in asked)
    assert [entry for entry in page.browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_a_server_that_has_ended_is_said(browser, mnist, network):
    with served(mnist, network) as server:
        page = Page(browser, server.address)
    page["next"].click()
    page.wait(lambda: page.text("error") == "The server does not answer: was it ended?")
