"""Run a script of ``analysis/`` in this process, which has everything imported already."""

import io
import runpy
import sys
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from unittest.mock import patch

from tiny import ROOT


def run_analysis(name, *arguments):
    """Return exit code and output, like those of the `script` fixture."""
    path, out, err = ROOT / "analysis" / f"{name}.py", io.StringIO(), io.StringIO()
    argv = [str(path), *map(str, arguments)]
    with patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
        try:
            runpy.run_path(str(path), run_name="__main__")
            code = 0
        except SystemExit as ended:
            code = ended.code
    return CompletedProcess(argv, code, out.getvalue(), err.getvalue())
