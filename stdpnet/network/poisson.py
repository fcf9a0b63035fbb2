r"""Counter-based Poisson intervals: the noise of a presentation, the same on every target.

.. math::

    I = \max(1, \lfloor -\mu \ln u \rfloor), \qquad u = \frac{2 R + 1}{2^{33}}, \qquad
    R = \text{Philox}(draw, pixel, presentation, repetition; \; seed, stream)

An interval :math:`I`, in whole quanta of mean :math:`\mu`, depends on what stands there and on nothing else, so input
spikes depend neither on the batch length nor on the number of workers. All arithmetic is in integers, so C++, Cython
and NumPy return the same values to the bit, whatever the compiler does to floating-point code.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

#: ln(1 + f) for 0 <= f < 1 as a polynomial without constant term, times 2**31, fitted for the
#: least maximal error (2.1e-7; a test bounds it).
LOG_POLYNOMIAL = (2147443142, -1072607479, 704894689, -485112055, 289210999, -118423140, 23116537)
LN2 = 1488522236  # ln 2 times 2**31
WORD = np.uint64(0xFFFFFFFF)

# Philox4x32-10: Salmon, Moraes, Dror & Shaw 2011, doi:10.1145/2063384.2063405, section 3.3.
CPP = """
static inline uint32_t _philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1)
{
    for (int round = 0; round < 10; round++) {
        const uint64_t p0 = 0xD2511F53ull * c0, p1 = 0xCD9E8D57ull * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;  c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;  c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;  k1 += 0xBB67AE85u;
    }
    return c0;
}
static inline int32_t poisson_interval(int32_t mean, int32_t draw, int32_t pixel, int32_t presentation,
                                       int32_t repetition, int32_t seed, int32_t stream)
{
    // u = (2 word + 1) / 2**33 = (1 + f) 2**(e - 33), never 0
    const uint64_t odd = 2ull * _philox(draw, pixel, presentation, repetition, seed, stream) + 1;
    const int e = 63 - __builtin_clzll(odd);
    const int64_t f = (int64_t)((odd << (33 - e)) - (1ull << 33)) >> 2;
    int64_t log1pf = 0;
    HORNER
    const int64_t minus_log = (33 - e) * LN2 - log1pf;
    const int64_t interval = (minus_log * mean) >> 31;
    return interval < 1 ? 1 : (int32_t)interval;
}
"""
_HORNER = "\n    ".join(f"log1pf = ({c}LL + log1pf) * f >> 31;" for c in reversed(LOG_POLYNOMIAL))
CPP = CPP.replace("HORNER", _HORNER).replace("LN2", f"{LN2}LL")

CYTHON = f'''
cdef extern from *:
    """
    #include <stdint.h>
    {CPP}
    """
    int poisson_interval(int, int, int, int, int, int, int)
'''


def philox(counter: Sequence[ArrayLike], key: Sequence[ArrayLike]) -> np.ndarray:
    """Return the first 32-bit word of Philox4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405, section 3.3).

    Parameters
    ----------
    counter : sequence of four int or ndarray of int
        Broadcast against each other.
    key : sequence of two int

    Returns
    -------
    ndarray of uint64
        Values below 2**32.

    Examples
    --------
    >>> hex(philox((0, 0, 0, 0), (0, 0)))  # as in kat_vectors of the authors' Random123
    '0x6627e8d5'
    """
    c0, c1, c2, c3 = (np.asarray(c).astype(np.int64).astype(np.uint64) & WORD for c in counter)
    k0, k1 = (np.asarray(k).astype(np.int64).astype(np.uint64) & WORD for k in key)
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * c0, np.uint64(0xCD9E8D57) * c2
        c0, c1 = (p1 >> np.uint64(32)) ^ c1 ^ k0, p1 & WORD
        c2, c3 = (p0 >> np.uint64(32)) ^ c3 ^ k1, p0 & WORD
        k0, k1 = (k0 + np.uint64(0x9E3779B9)) & WORD, (k1 + np.uint64(0xBB67AE85)) & WORD
    return c0


def exponential(words: np.ndarray) -> np.ndarray:
    """Return -ln((2 word + 1) / 2**33) in units of 2**-31, in integer arithmetic.

    Parameters
    ----------
    words : ndarray of uint64
        Uniform 32-bit words.

    Returns
    -------
    ndarray of int64

    Examples
    --------
    >>> word = np.array([2**31], dtype=np.uint64)  # half of all words are smaller
    >>> round(float(exponential(word)[0]) / 2**31, 6)  # ln 2
    0.693147
    """
    odd = 2 * words.astype(np.int64) + 1
    e = np.frexp(odd.astype(np.float64))[1].astype(np.int64) - 1  # exact: odd < 2**53
    f = ((odd << (33 - e)) - (1 << 33)) >> 2
    log1pf = np.zeros_like(f)
    for coefficient in reversed(LOG_POLYNOMIAL):
        log1pf = (coefficient + log1pf) * f >> 31
    return (33 - e) * LN2 - log1pf


def poisson_interval(
    mean: ArrayLike,
    draw: ArrayLike,
    pixel: ArrayLike,
    presentation: ArrayLike,
    repetition: ArrayLike,
    seed: ArrayLike,
    stream: ArrayLike,
) -> np.ndarray:
    """Return the next interval of a Poisson process, in whole quanta.

    Parameters
    ----------
    mean : int
        Mean interval in quanta; above 1000, so that rounding to whole quanta is negligible.
    draw, pixel, presentation, repetition, seed, stream : int or ndarray of int
        The counter and the key of the generator.

    Returns
    -------
    ndarray of int32
        At least 1, so that a pixel without drive never reaches its first spike.

    Examples
    --------
    >>> draws = np.arange(10_000)
    >>> intervals = poisson_interval(2000, draws, pixel=0, presentation=0, repetition=0, seed=1, stream=0)
    >>> bool(abs(intervals.mean() - 2000) < 5 * 2000 / 10_000**0.5)  # five standard errors
    True
    """
    words = philox((draw, pixel, presentation, repetition), (seed, stream))
    return np.maximum(exponential(words) * np.asarray(mean, dtype=np.int64) >> 31, 1).astype(np.int32)
