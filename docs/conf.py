"""How Sphinx builds the pages: ``sphinx-build -W -b html docs _build/html``, without the network."""

import importlib.util
import os
import re
import sys
import types
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_ext")]

import stdpnet  # noqa: E402  (from this checkout, installed or not)

project = "stdpnet"
author = "The stdpnet authors"
copyright = "the stdpnet authors, MIT licence"
version = release = stdpnet.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "numpydoc",
    "sphinx_copybutton",
    "stdpnet_spaces",
    "stdpnet_tables",
]
exclude_patterns = ["_build", "_templates", "figures/*.md"]
templates_path = ["_templates"]

myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
myst_dmath_double_inline = True

default_role = "py:obj"  # docstrings name other objects in single backticks
autosummary_generate = True
autosummary_imported_members = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings give types, shapes and units
numpydoc_show_class_members = False
# Pages about the simulators are built where PyTorch is not installed, as on Read the Docs.
autodoc_mock_imports = [] if importlib.util.find_spec("torch") else ["torch"]

#: To look at the pages without the network: STDPNET_MATHJAX=path/to/mathjax/es5/tex-mml-chtml.js
if os.environ.get("STDPNET_MATHJAX"):
    mathjax_path = os.environ["STDPNET_MATHJAX"]

copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_title = f"stdpnet {version}"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#00558a", "color-brand-content": "#00659f"},
    "dark_css_variables": {"color-brand-primary": "#6cb8ea", "color-brand-content": "#7cc4f0"},
}


def escape_stars(app, what, name, obj, options, lines):
    """Let the star of ``shape (n, *shape of the node)`` be a star, and no emphasis."""
    lines[:] = [re.sub(r"(shape \([^)]*)\*", r"\1\*", line) for line in lines]


def leave_out(app, what, name, obj, skip, options):
    """Leave out names of types, such as ``tuple[ndarray, ndarray]``, and scikit-learn's requests for metadata."""
    requests = re.fullmatch(r"set_\w+_request", name.rpartition(".")[2])
    return True if isinstance(obj, types.GenericAlias) or requests else None


def setup(app):
    """Look at docstrings before numpydoc does."""
    app.connect("autodoc-skip-member", leave_out)
    app.connect("autodoc-process-docstring", escape_stars, priority=100)
