"""What a refused command must look like: one line, exit code 2, and every file as it was."""

from pathlib import Path


def content(folder):
    """Return the bytes of every file but the log."""
    return {
        path: path.read_bytes() for path in sorted(Path(folder).rglob("*")) if path.is_file() and path.suffix != ".txt"
    }


def assert_one_line(done, message):
    """Assert that a finished process said one line of error with this message."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert message in done.stderr
