"""Check the docstrings of the files named: numpydoc's own validation, as [tool.numpydoc_validation] sets it up.

Of a function it asks Parameters from three arguments on, and whoever has the section must name every argument. Of a
dataclass the parameters are its fields. Private names, nested functions and properties are left alone.

    python .ci/docstrings.py $(git ls-files "stdpnet/*.py")
"""

import ast
import sys

from numpydoc.hooks import validate_docstrings
from numpydoc.hooks.validate_docstrings import AstValidator


def decorators(node):
    """Return the names of a class's or function's decorators."""
    called = (item.func if isinstance(item, ast.Call) else item for item in node.decorator_list)
    return {ast.unparse(item) for item in called}


class Validator(AstValidator):
    """Numpydoc's, with what CONTRIBUTING.md says of arguments."""

    @property
    def signature_parameters(self):
        """The arguments that must be documented."""
        if "\nParameters\n" not in "\n".join(line.strip() for line in self.raw_doc.splitlines()):
            found = () if self.is_class else super().signature_parameters
            return found if len(found) >= 3 else ()
        if self.is_class and "dataclass" in decorators(self.node):
            lines = [line for line in self.node.body if isinstance(line, ast.AnnAssign)]
            return tuple(line.target.id for line in lines if "ClassVar" not in ast.unparse(line.annotation))
        return super().signature_parameters

    type = "object"  # said in reports that nobody reads here

    @property
    def is_function_or_method(self):
        """A property is an attribute: its summary is a noun, and it has no Returns."""
        return super().is_function_or_method and not decorators(self.node) & {"property", "cached_property"}


if __name__ == "__main__":
    validate_docstrings.AstValidator = Validator
    sys.exit(validate_docstrings.run_hook(sys.argv[1:], config="."))
