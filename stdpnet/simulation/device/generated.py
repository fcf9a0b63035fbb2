"""What the templates ask about the statements that Brian2 has generated, and what they change in them."""

import re
from collections.abc import Collection, Iterable

POINTER = re.compile(r"\b_ptr_array_\w+")
#: ``TYPE NAME = VALUE;`` of a value that all neurons share, which Brian2 takes out of the loop.
SHARED = re.compile(r"const (\w+) (_lio_\d+) = (.*);")
DECLARED = re.compile(r"const \w+ (\w+) = (.*);")
#: An element of an array that is written: the array, and the index.
WRITTEN = re.compile(r"(?<!\w)(?:_ptr|_dynamic)?(_array_\w+)\[([^;=]*)\]\s*(?:[-+*/%|&^]|<<|>>)?=(?!=)")
#: Functions that do not return the same for the same arguments.
RANDOM = re.compile(r"\b_rand\w*\(|\b_poisson\(|\b_binomial\w*\(")
#: Functions that may change more than they return.
SIDE_EFFECT = re.compile(rf"{RANDOM.pattern}|\bstop_when\(|\b_dynamic_array_\w+\.")


def without_indices(code: Iterable[str]) -> list[str]:
    """Return code without the look-ups of synapse indices: within a row or a column they are the loop counters."""
    return [line for line in code if not re.match(r"const int32_t _(pre|post)synaptic_idx = ", line)]


def writes_source(code: Iterable[str]) -> bool:
    """Tell whether a statement writes to a variable of the source neuron, which all of a row share."""
    return any("[_presynaptic_idx] = " in line for line in code)


def independent(shared: Iterable[str], code: Iterable[str], *indices: str) -> bool:
    """Tell whether statements write to no other elements than those of the loop, so that threads may share the loop.

    Parameters
    ----------
    shared, code : iterable of str
        Statements before the loop, and in it.
    *indices : str
        Those of the loop.

    Examples
    --------
    >>> independent([], ["_ptr_array_a_v[_idx] += 1;"], "_idx")
    True
    >>> independent([], ["_ptr_array_b_x[_presynaptic_idx] = 1;"], "_idx", "_postsynaptic_idx")
    False
    """
    before, text = "\n".join(shared), "\n".join(code)
    written = {index for _, index in WRITTEN.findall(text)}
    return written <= set(indices) and not WRITTEN.search(before) and not SIDE_EFFECT.search(before + text)


def without_functions(code: Iterable[str]) -> bool:
    """Tell whether code calls no function that is rounded otherwise where a loop is vectorised, as ``exp`` is.

    Examples
    --------
    >>> without_functions(["w = _clip(w - eta, 0, w_max);"]), without_functions(["g += exp(v) * w;"])
    (True, False)
    """
    return set(re.findall(r"\b([a-zA-Z_]\w*)\(", "\n".join(code))) <= {"_clip", "_brian_abs", "int_"}


def single_precision(code: Iterable[str]) -> list[str]:
    """Return code with dt in single precision: in double it drags the whole right-hand side, and its exp, along."""
    return [line.replace("const double dt = ", "const float dt = ") for line in code]


def exp_in_place(code: Iterable[str]) -> list[str]:
    """Return code that calls an exp which the compiler can inline into a vectorised loop."""
    return [re.sub(r"\bexp\(", "_narrow_exp(", line) for line in code]


def once(code: Iterable[str], constant: Collection[str]) -> list[str]:
    r"""Return shared code that computes what no step changes, mostly exponentials, in the first step only.

    Parameters
    ----------
    code : iterable of str
    constant : collection of str
        Pointers to arrays that do not change.

    Examples
    --------
    >>> code = ["const float tau = _ptr_array_a_tau[0];", "const float _lio_1 = exp(-dt / tau);"]
    >>> print(*once(["const float dt = _ptr_array_dt[0];", *code], {"_ptr_array_a_tau", "_ptr_array_dt"}), sep="\n")
    const float dt = _ptr_array_dt[0];
    const float tau = _ptr_array_a_tau[0];
    static const float _once_lio_1 = exp(-dt / tau); const float _lio_1 = _once_lio_1;
    """
    fixed, made = set(constant), []
    for line in code:
        declared = DECLARED.fullmatch(line)
        if declared and not RANDOM.search(line) and set(re.findall(r"\b_?[a-zA-Z_]\w*\b(?!\()", declared[2])) <= fixed:
            fixed.add(declared[1])
            line = SHARED.sub(r"static const \1 _once\2 = \3; const \1 \2 = _once\2;", line)
        made.append(line)
    return made


def at_rest(shared: Iterable[str], code: Iterable[str], constant: Collection[str]) -> list[str]:
    """Return the arrays that an update changes, if it depends on nothing else but constants; otherwise nothing.

    Neurons with the same values in them then have the same values after the update: those whose values it does not
    change need no update until something else changes them.

    Parameters
    ----------
    shared, code : iterable of str
        Statements before the loop over the neurons, and in it.
    constant : collection of str
        Pointers to arrays that do not change.

    Examples
    --------
    >>> code = ["float v = _ptr_array_a_v[_idx];", "_ptr_array_a_v[_idx] = v * k;"]
    >>> at_rest(["const float k = _ptr_array_a_k[0];"], code, {"_ptr_array_a_k"})
    ['_ptr_array_a_v']
    >>> at_rest(["const float k = _ptr_array_a_k[0];"], code, set())
    []
    """
    before, text = "\n".join(shared), "\n".join(code)
    written = list(dict.fromkeys(f"_ptr{array}" for array, index in WRITTEN.findall(text) if index == "_idx"))
    read = set(POINTER.findall(before)) | set(re.findall(r"\b(_ptr_array_\w+)\[0\]", text))
    each = set(re.findall(r"\b(_ptr_array_\w+)\[_idx\]", text))
    other = set(POINTER.findall(text)) - each - read
    alone = read <= set(constant) and each <= set(written) and not other and not RANDOM.search(before + text)
    return written if alone else []
