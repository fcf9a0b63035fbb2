"""What a run was made with, against what the machine itself says."""

import importlib.metadata
import json
import platform
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from tiny import ROOT

from stdpnet.base import environment


def test_it_names_versions_machine_and_command(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["train.py", "--out", "my run"])
    found = environment.describe(7, "numpy")
    assert (found["seed"], found["backend"]) == (7, "numpy")
    assert found["command"].endswith("train.py --out 'my run'")
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["versions"]["numpy"] == importlib.metadata.version("numpy")
    assert found["platform"].startswith(platform.system())
    started = datetime.fromisoformat(found["started"])
    assert started.utcoffset() == timedelta(0) and abs(datetime.now(UTC) - started) < timedelta(minutes=1)
    assert json.loads(json.dumps(found)) == found


def test_a_package_that_is_not_installed_is_none(monkeypatch):
    monkeypatch.setattr(environment, "PACKAGES", ("numpy", "no-such-package"))
    assert environment.describe(1, "numpy")["versions"]["no-such-package"] is None


def test_the_commit_is_that_of_the_checkout():
    done = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("no checkout")
    found = environment.describe(1, "numpy")
    assert found["git_commit"] == done.stdout.strip() and len(found["git_commit"]) == 40
    assert isinstance(found["git_dirty"], bool)


@pytest.mark.parametrize("error", [OSError("no git"), subprocess.CalledProcessError(128, "git")])
def test_without_git_or_outside_a_checkout_there_is_no_commit(monkeypatch, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(environment.subprocess, "run", fail)
    found = environment.describe(1, "numpy")
    assert found["git_commit"] is None and found["git_dirty"] is None
