"""Tables as CSV files: numbers with six digits, whole ones in full."""

import csv
import io
from numbers import Real

from stdpnet.base.files import write_text


def write_table(path, rows, columns=None):
    """Write rows as a CSV file, atomically.

    Parameters
    ----------
    path : path-like
    rows : list of dict
        A column that a row lacks stays empty.
    columns : sequence of str, optional
        Default: those of the first row.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, columns or rows[0].keys(), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: short(value) for name, value in row.items()} for row in rows)
    write_text(path, text.getvalue())


def short(value):
    """Return six digits of a number, or all of them if it is whole: presentations are counted in millions.

    Examples
    --------
    >>> short(0.123456789), short(1234567.0), short("triplet")
    ('0.123457', '1234567', 'triplet')
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.6g}"
