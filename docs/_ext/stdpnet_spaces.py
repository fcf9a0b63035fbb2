"""Keep a number and its unit in one line: 92.3 ± 0.4, 2.44 ms, 94.9 %; and a short piece of code, such as a flag."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

#: The space after a number, before a sign or a unit; and the one after the sign.
TORN = re.compile(r"(?<=\d) (?=(?:±|%|ms|mV|MB|Hz|s)(?:\W|$))|(?<=±) (?=\d)")
NO_BREAK = "\N{NO-BREAK SPACE}"
#: Longest piece of code, in characters, that is kept in one line.
SHORT = 30


class KeepTogether(SphinxPostTransform):
    """Replace these spaces in all text but code and mathematics."""

    default_priority = 900

    def run(self, **kwargs):
        """Go through the text of a page."""
        for text in list(self.document.findall(nodes.Text)):
            if isinstance(text.parent, nodes.literal | nodes.literal_block | nodes.math | nodes.math_block):
                continue
            kept = TORN.sub(NO_BREAK, text)
            if kept != text:
                text.parent.replace(text, nodes.Text(kept))
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) <= SHORT:
                code["classes"].append("short")


def setup(app):
    """Register the transform."""
    app.add_post_transform(KeepTogether)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
