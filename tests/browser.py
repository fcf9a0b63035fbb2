"""A headless Chromium, to see pages as a reader does: Debian's packages ``chromium`` and ``chromium-driver``."""

from pathlib import Path

import pytest

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
#: No window, no sandbox (containers have none), and no host but this machine.
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


class Browser:
    """One tab.

    Attributes
    ----------
    driver : selenium.webdriver.Chrome
    """

    def __init__(self, driver):
        self.driver = driver

    def open(self, page, width=1400, height=900, **preferences):
        """Load a file or an address in a window of so many pixels, for a reader with preferences (see `prefer`)."""
        self.resize(width, height)
        self.prefer(**preferences)
        self.errors()  # of the page before
        self.driver.get(page.resolve().as_uri() if isinstance(page, Path) else page)

    def resize(self, width, height=900):
        """Give the page so many pixels, also fewer than a window can have."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def prefer(self, scheme="light", motion="no-preference"):
        """Make the reader one who prefers the scheme ``light`` or ``dark``, and motion or to ``reduce`` it."""
        wanted = {"prefers-color-scheme": scheme, "prefers-reduced-motion": motion}
        features = [{"name": name, "value": value} for name, value in wanted.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def run(self, script, *arguments):
        """Run JavaScript in the page, with ``arguments[0]`` and so on, and return what it returns."""
        return self.driver.execute_script(script, *arguments)

    def errors(self):
        """Return what the console shows as severe since the last call, such as a file that is not found."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]


@pytest.fixture(scope="session")
def browser():
    """Return a `Browser`; a test that wants one is skipped where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="no selenium here: pip install -e '.[test]'")
    if missing := [str(path) for path in (CHROMIUM, DRIVER) if not path.exists()]:
        pytest.skip(f"no {' and no '.join(missing)} here: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
