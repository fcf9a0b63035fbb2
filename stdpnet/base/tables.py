"""Tables as CSV files: numbers with six digits, whole ones in full."""

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
