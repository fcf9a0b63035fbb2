"""Constants that the caller sets between two batches: a reward, a teacher."""

import numpy as np
import pytest
from tiny import QUICK, digits, tiny_config, training_digits

import stdpnet
from stdpnet.learning import training

REWARDED = {
    "name": "rewarded",
    "on_post": "w = clip(w + reward * rate, 0, w_max)",
    "normalise": False,
    "constants": {"rate": 0.01, "reward": 0.0},
}
#: Heavier than usual, so that each image brings spikes.
HEAVY = {"connections": {"weight_low": 0.3, "weight_high": 0.7}, "presentation": {"window": 100.0, "rate": 0.5}}
CONFIG = tiny_config(QUICK, HEAVY, {"custom_rule": REWARDED, "batch": 1, "images": 6})


def weights_after(between):
    """Return the weights before and after each presentation, and the number of spikes that changed them."""
    images = training_digits(6)
    done = list(training.train(CONFIG, images, "numpy", between=between))
    spikes = [np.bincount(one.batch.spikes[2], minlength=CONFIG.neurons) for one in done]
    return [one.state.weights for one in done], spikes


def test_a_reward_of_each_batch_scales_what_is_learned_in_the_next():
    rewards, seen = iter([1.0, 0.0, 2.0, 0.0, 1.0]), []

    def between(done):
        seen.append(done.state.presented)
        return {"reward": next(rewards)}

    weights, spikes = weights_after(between)
    assert seen == [1, 2, 3, 4, 5]  # after the last batch nobody asks
    assert min(one.sum() for one in spikes[1:]) > 0
    for step, reward in enumerate([1.0, 0.0, 2.0, 0.0, 1.0], 1):
        expected = np.clip(weights[step - 1] + 0.01 * reward * spikes[step], 0, 1)
        np.testing.assert_allclose(weights[step], expected, rtol=1e-5)


def test_what_is_not_set_is_as_in_the_configuration():
    weights, _ = weights_after(lambda done: {})
    np.testing.assert_array_equal(weights[-1], weights[0])


def test_a_constant_of_the_equations_can_be_set_too():
    own = {
        "excitatory": "teacher = push * int(i % 2 == 0) : 1\ngi = g_pool - g_own - teacher : 1",
        "constants": {"push": 0.0},
    }
    config = tiny_config(QUICK, HEAVY, {"equations": own, "batch": 2, "images": 4})
    pushed, _ = (
        np.concatenate(
            [one.batch.counts for one in training.train(config, training_digits(4), "numpy", between=between)]
        )
        for between in (lambda done: {"push": -1e3}, None)
    )
    assert pushed[:2, ::2].sum() > 0
    assert pushed[2:, ::2].sum() == 0  # inhibited from the second batch on


def test_a_name_that_the_network_does_not_have():
    batches = training.train(CONFIG, training_digits(6), "numpy", between=lambda done: {"rewrad": 1.0})
    next(batches)
    with pytest.raises(stdpnet.ConfigError, match=r"has no constant 'rewrad' \(did you mean 'reward'\?\); it"):
        next(batches)


def test_a_run_folder_could_not_tell_of_it(tmp_path):
    dataset = stdpnet.Dataset("digits", *digits())
    with pytest.raises(stdpnet.ConfigError, match="between is given with a folder; expected none"):
        stdpnet.train(CONFIG, dataset, folder=tmp_path / "run", between=lambda done: {})
    trained = stdpnet.train(CONFIG, dataset, between=lambda done: {"reward": 1.0}, show_progress=False)
    assert trained.presented == 6
    assert trained.config.constants == CONFIG.constants
