"""Tables as CSV files, numbers with six digits, whole ones in full; and as text for people."""

import csv
import io
from collections.abc import Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

from stdpnet.base.files import write_text


def write_table(path: str | Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] | None = None) -> None:
    """Write rows as a CSV file, atomically.

    Parameters
    ----------
    path : str or Path
    rows : sequence of dict
        A column that a row lacks stays empty.
    columns : sequence of str, optional
        Default: those of the first row.

    Raises
    ------
    ValueError
        When a row has a column that is none of these.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_table(f"{folder}/metrics.csv", [{"presented": 2000, "accuracy": 2 / 3}, {"presented": 4000}])
    ...     print(Path(folder, "metrics.csv").read_text(), end="")
    presented,accuracy
    2000,0.666667
    4000,
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or list(rows[0]), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: short(value) for name, value in row.items()} for row in rows)
    write_text(path, text.getvalue())


def short(value: Any) -> str:
    """Return six digits of a number, or all of them if it is whole: presentations are counted in millions.

    Examples
    --------
    >>> short(0.123456789), short(1234567.0), short("triplet")
    ('0.123457', '1234567', 'triplet')
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.6g}"


def read_table(path: str | Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, without the cells that are empty.

    Raises
    ------
    OSError, ValueError
        When it cannot be read, or is no table.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_table(f"{folder}/metrics.csv", [{"presented": 2000, "accuracy": 2 / 3}, {"presented": 4000}])
    ...     read_table(f"{folder}/metrics.csv")
    [{'presented': '2000', 'accuracy': '0.666667'}, {'presented': '4000'}]
    """
    with open(path, newline="") as file:
        names, *lines = csv.reader(file)
    return [{name: cell for name, cell in zip(names, line, strict=True) if cell} for line in lines]


def as_text(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as aligned text, below the names of their columns; what a row lacks is empty.

    Examples
    --------
    >>> print(as_text([{"eta": 0.002, "accuracy": 0.84123}]))
      eta  accuracy
    0.002    0.8412
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [columns, *([_cell(row.get(name, "")) for name in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(text.rjust(width) for text, width in zip(line, widths, strict=True)) for line in cells)


def _cell(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
