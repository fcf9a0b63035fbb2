"""Imports go one way: base <- {datasets, rules, readouts, conversion, backprop} <- network <- ... <- commands."""

import ast
from pathlib import Path

import pytest
from tiny import ROOT

PACKAGE = ROOT / "stdpnet"

#: Rooms on one level do not know each other.
ORDER = (
    {"base"},
    {"datasets", "rules", "readouts", "conversion", "backprop"},
    {"network"},
    {"simulation"},
    {"learning"},
    {"experiments"},
    {"plots"},
    {"show"},
    {"commands"},
)
LEVEL = {room: level for level, rooms in enumerate(ORDER) for room in rooms}


def imported(text):
    """Return the dotted names of the package that a text imports, wherever it does so, with their lines."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return [(line, name) for line, name in found if name.split(".")[0] == "stdpnet"]


def against_the_order(room, text):
    """Return the imports of a file in a room that go to the same level or a higher one."""
    rooms = [(line, name, name.split(".")[1]) for line, name in imported(text) if "." in name]
    return [
        (line, name) for line, name, other in rooms if other in LEVEL and other != room and LEVEL[other] >= LEVEL[room]
    ]


@pytest.mark.parametrize("room", [room for rooms in ORDER for room in sorted(rooms) if (PACKAGE / room).is_dir()])
def test_every_import_goes_down(room):
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in sorted((PACKAGE / room).rglob("*.py"))
        if (found := against_the_order(room, path.read_text()))
    }
    assert wrong == {}


def test_every_room_has_its_level():
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} <= set(LEVEL)


@pytest.mark.parametrize(
    "room, text",
    [
        ("rules", "from stdpnet.network.spec import CAPACITY"),
        ("conversion", "def f():\n    import stdpnet.datasets.idx"),
        ("learning", "from stdpnet import experiments"),
        ("base", "from stdpnet.readouts import vote"),
    ],
)
def test_an_arrow_turned_round_is_found(room, text):
    (found,) = against_the_order(room, text)
    assert found[0] == text.count("\n") + 1


def python_files(folder):
    return [path for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]


def test_files_are_short_and_folders_small():
    lines = sorted(len(path.read_text().splitlines()) for path in PACKAGE.rglob("*.py"))
    assert lines[-1] <= 250
    assert lines[len(lines) // 2] <= 100
    folders = [PACKAGE, *(path for path in PACKAGE.rglob("*") if path.is_dir())]
    crowded = {str(folder): n for folder in folders if (n := len(python_files(folder))) > 13}
    assert crowded == {}


def test_neurons_and_protocol_know_no_brian2():
    wanted = {"assembly.py", "functions.py", "idle.py", "integration.py", "monitors.py", "projections.py"}
    using = {path.name for path in (PACKAGE / "network").glob("*.py") if "brian2" in _roots(path)}
    assert using == wanted


def _roots(path: Path):
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return {name.split(".")[0] for name in [*names, *(n.module for n in nodes if isinstance(n, ast.ImportFrom))]}
