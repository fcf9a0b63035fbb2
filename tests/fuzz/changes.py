"""Change the bytes of a file at random, in the ways in which files are damaged and mistyped."""

#: What is put in place of a number, a word or anything else.
ODD = (
    *(b"-1", b"0", b"1e999", b"nan", b"99999999999999999999", b"true", b"null", b'""', b"[]", b"{}", b'"x"', b"[[[["),
    *(b"\0", b"\xff", b"\n", b",", b'"', b"\xe2\x82\xac", b"=", b"'", b"../", b"%s", b"1" * 5000, b"[" * 5000),
)


def changed(content, rng):
    """Return the content of a file with one to three changes.

    Parameters
    ----------
    content : bytes
    rng : numpy.random.Generator
    """
    for _ in range(rng.integers(1, 4)):
        content = CHANGES[rng.integers(len(CHANGES))](content, rng)
    return content


def _place(content, rng):
    """Return two places, near each other or not; those in the first hundred bytes come as often as all others."""
    end = len(content) + 1 if rng.random() < 0.5 else min(len(content) + 1, 100)
    first = int(rng.integers(end))
    return first, min(len(content), first + int(rng.integers(1, 5 if rng.random() < 0.7 else 200)))


def flip(content, rng):
    """Flip one bit."""
    first, _ = _place(content, rng)
    changed = bytearray(content or b"\0")
    changed[min(first, len(changed) - 1)] ^= 1 << int(rng.integers(8))
    return bytes(changed)


def overwrite(content, rng):
    """Put other bytes, as many, in place of some."""
    first, last = _place(content, rng)
    return content[:first] + rng.bytes(last - first) + content[last:]


def remove(content, rng):
    """Leave out some bytes."""
    first, last = _place(content, rng)
    return content[:first] + content[last:]


def insert(content, rng):
    """Put something odd in between, or in place of some bytes."""
    first, last = _place(content, rng)
    return content[:first] + ODD[rng.integers(len(ODD))] + content[first if rng.random() < 0.5 else last :]


def number(content, rng):
    """Put something odd in place of a number or a word."""
    first, last = _place(content, rng)
    while last < len(content) and (content[last : last + 1].isalnum() or content[last : last + 1] in b".-_"):
        last += 1
    while first and (content[first - 1 : first].isalnum() or content[first - 1 : first] in b".-_"):
        first -= 1
    return content[:first] + ODD[rng.integers(len(ODD))] + content[last:]


def repeat(content, rng):
    """Repeat some bytes, as when a line is pasted twice."""
    first, last = _place(content, rng)
    return content[:last] + content[first:last] + content[last:]


def cut(content, rng):
    """Cut the file short."""
    return content[: int(rng.integers(len(content) + 1))]


CHANGES = (flip, overwrite, remove, insert, number, repeat, cut)
