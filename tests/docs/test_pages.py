"""The pages as a whole: they build without a warning, what they point to exists, README stays a first page."""

import importlib.util
import re
import subprocess
import sys

import pytest
from blocks import pages
from tiny import ROOT

#: A link or a picture of markdown, or a picture of HTML.
TARGET = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)


def targets(path):
    """Return the places in this repository that a page points to."""
    text = FENCED.sub("", path.read_text())
    found = [link or image for link, image in TARGET.findall(text)]
    return [target for target in found if not re.match(r"[a-z]+:", target)]


@pytest.mark.parametrize("name", pages())
def test_what_a_page_points_to_exists(name):
    page = pages()[name]
    missing = []
    for target in targets(page):
        path, _, anchor = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        if not place.exists() or (anchor and anchor not in anchors(place)):
            missing.append(target)
    assert not missing


def anchors(page):
    """Return the anchors of a page's headings, as GitHub and MyST make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_readme_is_a_first_page():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150


def test_readme_keeps_the_marks_that_ci_reads():
    lines = (ROOT / "README.md").read_text().splitlines()
    for mark, language in (("tests", "sh"), ("python", "python")):
        assert lines[lines.index(f"<!-- ci: {mark} -->") + 1] == f"```{language}"


@pytest.mark.skipif(not importlib.util.find_spec("sphinx"), reason='needs the extra "docs"')
def test_the_pages_build_without_a_warning(tmp_path):
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        "-d",
        str(tmp_path / "doctrees"),
    ]
    done = subprocess.run(
        [*command, str(ROOT / "docs"), str(tmp_path / "html")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "html" / "reference" / "generated" / "stdpnet.Config.html").exists()
