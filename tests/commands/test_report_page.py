"""The report as a reader sees it, in headless Chromium."""

import shutil

import pytest

from stdpnet.commands.main import main

#: Of the body behind all, as red, green and blue.
BACKGROUND = "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"


@pytest.fixture(scope="module")
def page(tmp_path_factory, trained_run):
    """Return the report of a run whose folder has an awkward name."""
    folder = shutil.copytree(trained_run, tmp_path_factory.mktemp("runs") / "a run, 100 %#1")
    assert main(["report", str(folder)]) == 0
    return folder / "report.html"


def test_it_loads_without_an_error_and_shows_every_picture(browser, page):
    browser.open(page)
    assert browser.errors() == []
    assert browser.run("return document.title") == "a run, 100 %#1: a run of stdpnet"
    widths = browser.run("return [...document.images].map(image => image.naturalWidth)")
    assert len(widths) > 3 and min(widths) > 0
    assert browser.run("return performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:'))") == []


def test_the_contents_lead_to_their_sections_by_keyboard(browser, page):
    browser.open(page)
    browser.run("document.documentElement.style.scrollBehavior = 'auto'")
    links = browser.run("return [...document.querySelectorAll('nav a')].map(link => link.hash)")
    assert len(links) == 9
    tab, enter = "\ue004", "\ue007"
    for number, link in [*enumerate(links)][::4]:
        browser.run(
            "scrollTo(0, 0); document.querySelector('nav').tabIndex = -1; document.querySelector('nav').focus()"
        )
        for _ in range(number + 1):
            browser.driver.switch_to.active_element.send_keys(tab)
        assert browser.run("return document.activeElement.hash") == link
        assert browser.run("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
        browser.driver.switch_to.active_element.send_keys(enter)
        top = browser.run("return document.querySelector(arguments[0]).getBoundingClientRect().top", link)
        at_the_end = browser.run("return scrollY + innerHeight >= document.documentElement.scrollHeight - 1")
        assert abs(top) < 40 or (at_the_end and 0 < top < 900), link
        assert browser.run("return '#' + document.activeElement.id") == link


def test_dark_and_light(browser, page):
    browser.open(page)
    assert min(browser.run(BACKGROUND)) > 200
    browser.prefer("dark")
    assert max(browser.run(BACKGROUND)) < 60


@pytest.mark.parametrize("width", [400, 1400])
def test_nothing_is_wider_than_the_window(browser, page, width):
    browser.open(page, width)
    browser.run("document.querySelectorAll('details').forEach(details => details.open = true)")
    assert browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    too_wide = browser.run(
        "return [...document.querySelectorAll('main *:not(pre):not(.skip)')]"
        ".filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)"
        ".map(element => element.outerHTML.slice(0, 80))"
    )
    assert too_wide == []
