"""The windows of the rules as the simulator computes them, against the oracle with the same spikes."""

import numpy as np
import pytest
from oracle import oracle_of, replay

from stdpnet.base.errors import ConfigError
from stdpnet.learning.pairs import pair_changes
from stdpnet.rules import RULES

DELAYS = np.array([-60.0, -10.0, -0.5, 0.0, 0.5, 7.5, 25.0])
WEIGHTS = np.array([0.05, 0.5, 0.95])[:, None]
EARLIER = np.array([np.nan, 10.0, 30.0])[:, None, None]


def expected(rule, delay, weight, earlier):
    """Return what the oracle makes of a pair: one synapse, spikes at given steps of 0.5 ms."""
    neuron, inputs, outputs = 300, np.zeros((500, 1), bool), np.zeros((500, 1), bool)
    inputs[neuron - round(2 * delay)] = outputs[neuron] = True
    if not np.isnan(earlier):
        outputs[neuron - round(2 * earlier)] = True
    return replay(oracle_of(rule, (1, 1), 1.0), np.array([[weight]]), inputs, outputs, 0.5).item() - weight


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_pair_does_what_the_oracle_says(rule):
    found = pair_changes(rule, DELAYS, WEIGHTS, EARLIER)
    assert found.shape == (3, 3, 7)
    wanted = np.vectorize(expected, excluded=[0])(rule, *np.broadcast_arrays(DELAYS, WEIGHTS, EARLIER))
    assert np.ptp(wanted) > 1e-4
    # weights are in single precision
    np.testing.assert_allclose(found, wanted, atol=3e-7)


def test_one_pair_gives_one_number():
    assert pair_changes(RULES["exponential"], 5.0).shape == ()


def test_spikes_that_do_not_fit():
    with pytest.raises(ConfigError, match=r"the spikes take 600\.5 ms; expected at most 500 ms in all"):
        pair_changes(RULES["triplet"], [-300.0, 300.0])
