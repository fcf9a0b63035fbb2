"""The report of a run: one file, whatever is in the folder and whatever is missing."""

import base64
import shutil
from html.parser import HTMLParser

import numpy as np
import pytest
from fakeruns import write_run

from stdpnet.base import files
from stdpnet.commands.main import main
from stdpnet.commands.reporting.configuration import rows
from stdpnet.experiments.stdp.run_folder import RunFolder
from stdpnet.learning.config import Config
from stdpnet.rules import rule_from_dict

SECTIONS = ["summary", "run", "curve", "fields", "errors", "readouts", "configuration", "versions", "papers"]
WITHOUT_END = {"meta", "img", "br", "link", "input"}


class Page(HTMLParser):
    """What is in a page. It must be well formed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.open += [] if tag in WITHOUT_END else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self):
        return " ".join(" ".join(self.texts).replace("\N{NO-BREAK SPACE}", " ").split())


def report(folder, capsys):
    """Write the report as a user does, and return it."""
    assert main(["report", str(folder)]) == 0
    path = folder / "report.html"
    assert capsys.readouterr().out.strip() == str(path)
    return Page(path.read_text())


@pytest.fixture(scope="module")
def run(tmp_path_factory, trained_run):
    return shutil.copytree(trained_run, tmp_path_factory.mktemp("reported") / "run")


@pytest.fixture(scope="module")
def page(run):
    assert main(["report", str(run)]) == 0
    return Page((run / "report.html").read_text())


def test_every_section_is_there_and_in_the_contents(page):
    assert [a["id"] for tag, a in page.tags if tag in ("header", "section")] == SECTIONS
    assert [link["href"] for link in page.all("a") if link["href"].startswith("#")] == [
        "#summary",
        *(f"#{name}" for name in SECTIONS),
    ]


def test_nothing_outside_of_the_file_is_needed(page, run):
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "iframe", "object", "embed", "video", "audio"})
    assert all(image["src"].startswith("data:image/") for image in page.all("img"))
    sources = [a for _, a in page.tags if {"src", "srcset", "data", "poster", "background"} & set(a)]
    assert sources == page.all("img")
    text = (run / "report.html").read_text()
    assert "url(" not in text and "@import" not in text


def test_every_picture_is_one_and_says_what_it_shows(page):
    assert len(page.all("img")) > 3
    for image in page.all("img"):
        assert len(image["alt"]) > 15
        kind, data = image["src"].split(";base64,")
        start = base64.b64decode(data, validate=True)[:200]
        assert start.startswith(b"\x89PNG") if kind == "data:image/png" else b"<svg" in start or b"<?xml" in start


def test_the_numbers_are_those_of_the_folder(page, run):
    found, environment = files.read_json(run / "evaluation.json"), files.read_json(run / "environment.json")
    low, high = found["confidence_interval_95"]
    assert f"{100 * found['accuracy']:.2f} % of 30 test images" in page.text
    assert f"(95 % interval {100 * low:.2f} to {100 * high:.2f} %)" in page.text
    assert "from the labels of 60 training images" in page.text
    for text in (environment["command"], environment["git_commit"], environment["started"], "stopped early"):
        assert (text in page.text) == (text != "stopped early")
    assert all(f"{name} {version}" in page.text for name, version in environment["versions"].items() if version)
    for name, row in found["readouts"].items():
        assert f"{name} " in page.text and f"{100 * row['accuracy']:.2f} %" in page.text
    assert "Diehl & Cook 2015" in page.text and "@article{diehl2015unsupervised," in page.text


def test_what_differs_from_the_defaults_comes_first(page):
    differs = [row for row in rows(Config(excitatory={"tau_m": 50.0}, seed=3)) if row.differs]
    assert [(row.name, row.value, row.default) for row in differs] == [
        ("seed", "3", "0"),
        ("excitatory.tau_m", "50 ms", "100 ms"),
    ]
    before, _, folded = page.text[page.text.index("Configuration What") :].partition("The other")
    assert "neurons excitatory neurons, and as many inhibitory ones 10 100" in before
    assert "excitatory.tau_m membrane time constant 100 ms 100 ms" in folded
    assert "excitatory.tau_m" not in before


def test_the_same_run_gives_the_same_file(run, tmp_path):
    for name in ("a.html", "b.html"):
        assert main(["report", str(run), "--out", str(tmp_path / name)]) == 0
    one, other = ((tmp_path / name).read_text().partition("<footer>")[0] for name in ("a.html", "b.html"))
    assert one == other
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


EVIL = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "$x_{", "{{ 7 * 7 }}", "&amp;"]


def test_names_from_files_stay_text(tmp_path, capsys):
    folder = write_run(tmp_path / "run", accuracy=0.3)
    names = [*EVIL, *map(str, range(5))]
    arrays = folder.predictions() | {"class_names": np.array(names)}
    files.write_arrays(folder.predictions_file, arrays)
    files.write_json(folder.environment_file, {"command": EVIL[0], "versions": {EVIL[1]: EVIL[0]}, "resumed": [3]})
    found = report(folder.path, capsys)
    assert "None was evaluated." in found.text  # in version 0.1 there was one readout
    assert not found.all("script")
    assert not [image for image in found.all("img") if not image["src"].startswith("data:")]
    assert all(name in found.text for name in names)
    assert "49" not in found.text.partition("Errors")[2].partition("Other readouts")[0]


def test_a_folder_whose_name_is_no_text(tmp_path, capsys):
    path = tmp_path / "run\udcff"
    report_of = write_run(path).path
    assert main(["report", str(report_of), "--out", str(tmp_path / "a.html")]) == 0
    assert "run?" in (tmp_path / "a.html").read_text()


MISSING = {
    "evaluation": (("evaluation.json", "predictions.npz"), "No accuracy: {}: not evaluated yet; run stdpnet evaluate"),
    "checkpoint": (("checkpoint.npz",), "{}/checkpoint.npz: no such file"),
    "environment": (("environment.json",), "There is no environment.json that says it."),
    "all but the configuration": (
        ("evaluation.json", "predictions.npz", "checkpoint.npz", "metrics.csv", "environment.json", "log.txt"),
        "None was evaluated.",
    ),
}


@pytest.mark.parametrize("gone, said", MISSING.values(), ids=MISSING)
def test_what_is_missing_is_said_in_one_line(run, tmp_path, capsys, gone, said):
    folder = shutil.copytree(run, tmp_path / "run")
    for name in gone:
        (folder / name).unlink()
    found = report(folder, capsys)
    assert said.format(folder) in found.text
    assert [a["id"] for tag, a in found.tags if tag in ("header", "section")] == SECTIONS


def test_damaged_files_are_named_and_the_rest_is_there(run, tmp_path, capsys):
    folder = shutil.copytree(run, tmp_path / "run")
    names = ("evaluation.json", "predictions.npz", "checkpoint.npz", "metrics.csv", "environment.json")
    for name in names:
        (folder / name).write_bytes(b"\x00\xff damaged")
    found = report(folder, capsys)
    assert all(f"{folder}/{name}: " in found.text for name in names)
    assert "Configuration What differs" in found.text


def test_a_readout_that_failed(tmp_path, capsys):
    folder = write_run(tmp_path / "run", accuracy=0.5)
    failed = {"readouts": {"n-gram": {"supervised": False, "failed": "out of memory"}}}
    files.write_json(folder.evaluation_file, files.read_json(folder.evaluation_file) | failed)
    assert "n-gram failed: out of memory" in report(folder.path, capsys).text


def test_a_run_that_stopped_early_and_was_resumed(run, tmp_path, capsys):
    folder = RunFolder(shutil.copytree(run, tmp_path / "run"))
    first = folder.environment()
    second = {**first, "command": "stdpnet train --resume", "versions": {"numpy": "99.1"}, "presentations": 600}
    files.write_json(folder.environment_file, first | {"resumed": [second]})
    text = report(folder.path, capsys).text
    assert "training stopped early, after 60 of 600 presentations" in text
    assert "Resumed command stdpnet train --resume" in text
    assert f"numpy {first['versions']['numpy']}, then 99.1" in text


def test_images_that_are_gone_leave_the_counts(run, tmp_path, capsys):
    folder = RunFolder(shutil.copytree(run, tmp_path / "run"))
    files.write_json(folder.config_file, folder.plain_config() | {"dataset": str(tmp_path / "gone")})
    found = report(folder.path, capsys)
    assert "The images are not to be found: " in found.text
    assert not [image for image in found.all("img") if " taken for " in image["alt"] and "images of" in image["alt"]]


def test_images_without_labels(tmp_path, capsys):
    images = np.random.default_rng(0).integers(0, 256, (5, 8, 8), np.uint8)
    folder = write_run(tmp_path / "run", accuracies=(np.nan, np.nan), dataset=str(tmp_path / "images.npz"))
    np.savez(tmp_path / "images.npz", train_images=images)
    assert "No accuracy: the data set has no labels of training images and no test images." in (
        report(folder.path, capsys).text
    )


@pytest.mark.parametrize("n", [1, 256])
def test_any_number_of_classes(tmp_path, capsys, n):
    folder = write_run(tmp_path / "run", accuracy=0.5)
    labels = np.arange(n).repeat(2)
    names = np.array([f"class {k}" for k in range(n)])
    changed = {
        "assignments": np.zeros(4, int),
        "test_labels": labels,
        "predictions": labels[::-1],
        "class_names": names,
    }
    files.write_arrays(folder.predictions_file, folder.predictions() | changed)
    text = report(folder.path, capsys).text
    assert ("class 29 and 226 more" in text) == (n == 256)
    assert ("true → said" in text) == (n == 256)


def test_own_equations_and_an_own_rule_are_shown(tmp_path, capsys):
    own = {"excitatory_spike": "a += jump", "excitatory": "da/dt = -a / tau_a : volt"}
    own["constants"] = {"tau_a": {"value": 100.0, "unit": "ms"}, "jump": {"value": 5.0, "unit": "mV"}}
    rule = {"name": "<mine>", "source": "my head", "on_post": "w = clip(w + eta, 0, w_max)"}
    rule = rule_from_dict(rule | {"constants": {"eta": 0.01}})
    folder = write_run(tmp_path / "run", equations=own, rule=rule)
    text = report(folder.path, capsys).text.partition("The other")[0]
    assert "rule <mine>, a rule of its own: my head" in text
    assert "custom_rule.on_post w = clip(w + eta, 0, w_max)" in text
    assert "da/dt = -a / tau_a : volt" in text and "equations.constants.tau_a 100 ms" in text


def test_signals(tmp_path, capsys):
    folder = write_run(tmp_path / "run", accuracy=0.5)
    state = folder.checkpoint() | {"image_shape": np.array([1, 64])}
    files.write_arrays(folder.checkpoint_file, state)
    assert [i["alt"] for i in report(folder.path, capsys).all("img") if "weights" in i["alt"]] == [
        "Input weights of 4 neurons as images, sorted by class"
    ]


REFUSED = {
    "no folder": (["nowhere"], "error: nowhere/config.json: no such file; expected a run folder made by stdpnet train"),
    "no page": (["run", "--out", "a.json"], "error: --out is a.json; expected a name that ends in .html"),
}


@pytest.mark.parametrize("arguments, message", REFUSED.values(), ids=REFUSED)
def test_refused(capsys, arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["report", *arguments]) == 2
    assert capsys.readouterr().err.strip() == message
    assert not list(tmp_path.iterdir())
