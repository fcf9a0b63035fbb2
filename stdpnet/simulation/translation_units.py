"""Translation units: small generated sources compiled together, since each takes longer to begin than to compile.

Each source stands in a namespace of its own, for what it defines beside the functions that others call.
"""

import re
from collections.abc import Sequence
from pathlib import Path

#: How many there are, whatever the cores: a unit decides what the compiler sees at a time.
UNITS = 2
#: Where Brian2 puts them, one for each operation of a time step.
SMALL = "code_objects/"

INCLUDE = re.compile(r"^\s*#include\s*([<\"][^>\"]+[>\"])", re.MULTILINE)
DECLARATION = re.compile(r"^void (\w+)\(\);", re.MULTILINE)


def join(directory: Path, sources: Sequence[str]) -> list[str]:
    """Write translation units, and return what is to be compiled instead of the sources.

    Parameters
    ----------
    directory : Path
    sources : sequence of str
        Relative to `directory`, each in ``code_objects`` with a header of the same name.

    Returns
    -------
    list of str
        The units, and the sources that are none of ``code_objects``.
    """
    small = [source for source in sources if source.startswith(SMALL)]
    small.sort(key=lambda source: (-(directory / source).stat().st_size, source))  # dealt out: units of one length
    units = {f"unit{k}.cpp": small[k::UNITS] for k in range(UNITS) if small[k::UNITS]}
    for name, members in units.items():
        (directory / name).write_text(_unit(directory, members))
    return [*units, *(source for source in sources if source not in small)]


def _unit(directory: Path, members: Sequence[str]) -> str:
    """Return the text of a unit: all headers, then each member."""
    headers = dict.fromkeys(
        header for member in members for header in INCLUDE.findall((directory / member).read_text())
    )
    parts = [f"#include {header}" for header in headers]
    for number, member in enumerate(members):
        functions = DECLARATION.findall((directory / member).with_suffix(".h").read_text())
        parts += [f"namespace member{number} {{", "#undef _brian_pow", f'#include "{member}"', "}"]
        parts += [f"void {function}() {{ member{number}::{function}(); }}" for function in functions]
    return "\n".join([*parts, ""])
