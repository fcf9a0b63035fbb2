"""Write the page of the documentation that lists the patterns: ``python tests/conversion/importers/torch_page.py``."""

from itertools import groupby
from pathlib import Path

from torch_patterns import converted, refused

PAGE = Path(__file__).parents[3] / "docs" / "use" / "convertible.md"

HEAD = """# What can be converted

The importer runs a PyTorch module on random images, and follows what becomes of them through every function of PyTorch.
How a module is written does not matter: sizes, loops, hooks, own subclasses and weights that are computed in `forward`
are what they are when it runs. What it computes is then compared on other images, and a module that would be converted
wrongly is refused.

This page is written from the tests. Each of its {count} patterns is imported there. Of what is **converted**, the graph
computes the same as the module, to 1e-12 in double precision, and the rates of its spiking network approach it. What is
**refused** stops with an error that names the operation, its place in the model and its line.

`x` is a tensor that depends on the images, `net` has layers (`conv`), parameters (`b`, `matrix`) and buffers (`mean`,
`std`).

A leaky ReLU and whatever else is made of straight lines becomes several rectified sums: `relu(x) - a * relu(-x)`; what
is kept between two numbers becomes neurons with a bound.
Selection, padding and interpolation become a map of the values, whose size is that of its output. A sigmoid, tanh,
softmax or `argmax` at the end is left to the read-out: the class of the highest score is the same.
"""


def page():
    """Return the text of the page."""
    parts = [HEAD.format(count=len(converted()) + len(refused()))]
    for heading, patterns in groupby(converted(), lambda pattern: pattern[0]):
        lines = [f"| {_cell(text)} | {shape} |" for _, shape, text, _ in patterns]
        parts.append("\n".join([f"## {heading}: converted\n", "| pattern | shape of `x` |", "|---|---|", *lines, ""]))
    for heading, patterns in groupby(refused(), lambda pattern: pattern[0]):
        lines = [f"| {_cell(text)} | {words} |" for _, _, text, words, _ in patterns]
        parts.append("\n".join([f"## {heading}: refused\n", "| pattern | in the error |", "|---|---|", *lines, ""]))
    return "\n".join(parts)


def _cell(text):
    sentence = (text[0].isupper() and " " in text and "(" not in text.split()[0]) or text.startswith("`")
    return text if sentence else f"`{text}`"


if __name__ == "__main__":
    PAGE.write_text(page())
