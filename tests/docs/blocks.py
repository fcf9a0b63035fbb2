"""Find the fenced blocks of the pages."""

import re
from dataclasses import dataclass
from pathlib import Path

from tiny import ROOT

#: An indented block belongs to a list.
FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
NAMED_FILE = re.compile(r"# (\S+\.(?:toml|py))$")


def pages():
    """Return all pages that a reader may open, README first, by their path from the root."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return {str(path.relative_to(ROOT)): path for path in found if "_build" not in path.parts}


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the number of its first line, for messages."""

    language: str
    text: str
    line: int


def blocks(path):
    """Return the fenced blocks of a page in order."""
    text = Path(path).read_text()
    return [
        Block(match[2], match[3], text.count("\n", 0, match.start(3)) + 1)
        for match in FENCE.finditer(text)
        if not match[1]
    ]


def commands(text):
    """Return the commands of a shell block, one a line, without comments, continued lines joined."""
    lines = text.replace("\\\n", " ").splitlines()
    return [" ".join(line.partition("  #")[0].split()) for line in lines if line.strip() and line[0] != "#"]


def file_name(block):
    """Return the name that the first line of a block gives to the file, or None."""
    match = NAMED_FILE.match(block.text.partition("\n")[0])
    return match and match[1]
