"""Directives that make tables from the code, so that no constant is written down twice.

``{parameters} stdpnet.network.neurons.Excitatory``
    The fields of a dataclass whose parameters `stdpnet.base.parameters.parameter` declared.
``{rule-constants} triplet``
    The constants of a plasticity rule.
``{rule-text} triplet``
    Its Brian2 text.
``{presets}``
    What the presets set, for every rule and size.
"""

import importlib
import re
import tomllib
from dataclasses import fields
from importlib.resources import files
from textwrap import dedent

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from stdpnet import RULES
from stdpnet.base.parameters import flat

CODE = "https://github.com/peter-u-diehl/stdp-mnist/blob/d527ca3ee579d4f156d25ff160c0551a5ab82cf1/"
#: The two files of the 2014 code, by the letter that stands for them in a source such as C:312.
CODE_FILES = {"C": "Diehl%26Cook_spiking_MNIST.py", "G": "Diehl%26Cook_MNIST_random_conn_generator.py"}
#: What in a source becomes a link: a line of the 2014 code, or a DOI.
LINK = re.compile(r"\b([CG]):(\d+)|doi:(10\.\S+\w)")


def linked(text):
    """Return a text as nodes, with links to the lines of the 2014 code and to papers."""
    found, end = [], 0
    for match in LINK.finditer(text):
        letter, line, doi = match.groups()
        address = f"https://doi.org/{doi}" if doi else f"{CODE}{CODE_FILES[letter]}#L{line}"
        found += [nodes.Text(text[end : match.start()]), nodes.reference("", match.group(), refuri=address)]
        end = match.end()
    return [*found, nodes.Text(text[end:])]


def table(kind, headings, widths, rows):
    """Return a table of a class of its own; a cell is text, or a list of nodes."""
    group = nodes.tgroup(cols=len(headings))
    group += [nodes.colspec(colwidth=width) for width in widths]
    for part_of, lines in ((nodes.thead, [headings]), (nodes.tbody, rows)):
        part = part_of()
        for line in lines:
            row = nodes.row()
            for cell in line:
                inline = [nodes.Text(cell)] if isinstance(cell, str) else cell
                row += nodes.entry("", nodes.paragraph("", "", *inline))
            part += row
        group += part
    return nodes.table("", group, classes=[kind])


def number(value):
    """Return a number as it is easily read: 1e+07 as 10,000,000."""
    if isinstance(value, float) and value.is_integer() and abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:g}" if isinstance(value, float) else str(value)


class Parameters(SphinxDirective):
    """Table of the parameters of a dataclass."""

    required_arguments = 1

    def run(self):
        """Return the table."""
        module, _, name = self.arguments[0].rpartition(".")
        rows = [
            (
                [nodes.literal("", item.name)],
                number(item.default),
                item.metadata["unit"],
                item.metadata["about"],
                linked(item.metadata["source"]),
            )
            for item in fields(getattr(importlib.import_module(module), name))
            if "about" in item.metadata
        ]
        return [
            table("parameters", ("parameter", "default", "unit", "what it is", "source"), (18, 10, 7, 45, 20), rows)
        ]


class RuleConstants(SphinxDirective):
    """Table of the constants of a rule."""

    required_arguments = 1

    def run(self):
        """Return the table."""
        rows = [
            ([nodes.literal("", name)], number(c.value), "" if c.unit == "1" else c.unit, linked(c.source))
            for name, c in RULES[self.arguments[0]].constants.items()
        ]
        return [table("constants", ("constant", "value", "unit", "source"), (18, 10, 7, 65), rows)]


class RuleText(SphinxDirective):
    """The Brian2 text of a rule."""

    required_arguments = 1

    def run(self):
        """Return the text as a block of code."""
        rule, lines = RULES[self.arguments[0]], []
        for name in ("pre_traces", "pre_spike", "post_traces", "post_spike", "on_pre", "on_post"):
            for k, line in enumerate(dedent(getattr(rule, name)).strip().splitlines()):
                lines.append(f"{name if k == 0 else '':<12} {line}")
        text = "\n".join(lines)
        return [nodes.literal_block(text, text, language="text")]


class Presets(SphinxDirective):
    """Table of the presets."""

    def run(self):
        """Return the table."""
        rows = []
        for rule in RULES:
            sizes = tomllib.loads((files("stdpnet.learning.presets") / f"{rule}.toml").read_text())
            for size, values in sorted(sizes.items(), key=lambda item: int(item[0])):
                text = ", ".join(f"{name} = {number(value)}" for name, value in flat(values).items())
                rows.append((rule, f"{int(size):,}", text or "the defaults"))
        return [table("presets", ("rule", "neurons", "what the preset sets"), (20, 12, 68), rows)]


def setup(app):
    """Register the directives."""
    for name, kind in {
        "parameters": Parameters,
        "rule-constants": RuleConstants,
        "rule-text": RuleText,
        "presets": Presets,
    }.items():
        app.add_directive(name, kind)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
