"""Powers and exponentials that the device computes in place, against those of NumPy in double precision."""

import subprocess

import numpy as np
import pytest

from stdpnet.simulation.compiler import flags, require_compiler
from stdpnet.simulation.device.dense import DenseCodeObject

PROGRAM = """
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
FUNCTIONS
int main()
{
    static float numbers[2 * 100000], found[100000];  // x and y by turns, or x alone
    const int n = fread(numbers, 4, 2 * 100000, stdin);
    for (int i = 0; i < n / 2; i++) found[i] = _narrow_pow(numbers[2 * i], numbers[2 * i + 1]);
    fwrite(found, 4, n / 2, stdout);
    for (int i = 0; i < n / 2; i++) found[i] = _narrow_exp(numbers[2 * i]);
    fwrite(found, 4, n / 2, stdout);
}
"""


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """Return a function of bases and exponents, arrays that are broadcast, that returns powers and exp(bases)."""
    folder = tmp_path_factory.mktemp("narrow")
    functions = DenseCodeObject.templater.env.get_template("narrow.cpp").render()
    (folder / "main.cpp").write_text(PROGRAM.replace("FUNCTIONS", functions))
    command = [require_compiler(), *flags(require_compiler()), "-o", "main", "main.cpp"]
    subprocess.run(command, cwd=folder, check=True)

    def run(x, y):
        pairs = np.stack(np.broadcast_arrays(np.float32(x), np.float32(y)), axis=-1)
        done = subprocess.run([folder / "main"], input=pairs.tobytes(), capture_output=True, check=True)
        powers, exponentials = np.frombuffer(done.stdout, np.float32).reshape(2, *pairs.shape[:-1])
        return powers, exponentials, *np.moveaxis(pairs.astype(float), -1, 0)

    return run


def test_powers_of_positive_numbers(computed):
    powers, _, x, y = computed(np.geomspace(1e-30, 1e6, 5001)[:, None], [0.2, 0.5, 0.9, 1, 3, -1, -2.5])
    expected = x**y
    held = (expected > 1e-37) & (expected < 1e38)  # what single precision holds
    assert held.mean() > 0.8
    np.testing.assert_allclose(powers[held], expected[held], rtol=1e-5)


def test_powers_of_weights_have_the_precision_of_single(computed):
    powers, _, x, y = computed(np.linspace(1e-3, 1, 5001)[:, None], [0.2, 0.9, 3])
    np.testing.assert_allclose(powers, x**y, rtol=3e-6)


def test_powers_at_zero_and_below(computed):
    powers, *_ = computed(0, [0.2, 3, 0])
    np.testing.assert_array_equal(powers, [0, 0, 1])
    powers, *_ = computed(-2, [2, 3, 0, -1])
    np.testing.assert_allclose(powers, [4, -8, 1, -0.5], rtol=1e-6)
    powers, *_ = computed([0, -2], [-1, 0.5])
    assert not np.isfinite(powers).any()  # a batch ends with an error where the state is not finite


def test_exponentials(computed):
    _, exponentials, x, _ = computed(np.linspace(-87, 88, 5001), 0)
    np.testing.assert_allclose(exponentials, np.exp(x), rtol=1e-5)
    np.testing.assert_allclose(computed([0, -1e-3, -0.5], 0)[1], np.exp([0, -1e-3, -0.5]), rtol=2e-7)
