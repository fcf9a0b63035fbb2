"""Derivatives against finite differences, exactly where they are exact, and of the signals of a simulation."""

import numpy as np
import pytest
import torch
from event_stepper import low_pass, step_layer

from stdpnet.backprop.gradient import FilteredSpikes
from stdpnet.backprop.winner_take_all import LearnedInhibition, NoInhibition, UniformInhibition

N, M, IMAGES = 5, 8, 3


class Case:
    """A layer in double precision, whose answers follow eq. 5 exactly."""

    def __init__(self, kind):
        random = np.random.default_rng(2)
        off = 1 - np.eye(N)
        self.kappa = {"none": 0 * off, "uniform": -0.3 * off, "learned": -random.uniform(0, 0.2, (N, N)) * off}[kind]
        self.kind = kind
        self.weights, self.thresholds = random.uniform(0.1, 0.5, (N, M)), random.uniform(0.4, 0.6, N)
        self.inputs, self.error = random.uniform(1, 5, (IMAGES, M)), random.normal(size=(IMAGES, N))

    def answers(self, inputs):
        """Solve eq. 5."""
        return np.linalg.solve(np.eye(N) - self.kappa, (inputs @ self.weights.T / self.thresholds).T).T

    def partial(self, weights, thresholds, kappa):
        """Return the right side of eq. 5 with the others' answers held fixed."""
        fixed = self.answers(self.inputs)
        return self.inputs @ weights.T / thresholds + fixed @ kappa.T

    def derivatives(self, normalise=False, answers=None, all_active=True):
        """Return the derivatives of the error times the answers."""
        kappa = torch.tensor(self.kappa, requires_grad=self.kind == "learned")
        known = {
            "none": NoInhibition(),
            "uniform": UniformInhibition(0.3),
            "learned": LearnedInhibition(kappa.detach()),
        }
        given = [torch.tensor(one, requires_grad=True) for one in (self.inputs, self.weights, self.thresholds)]
        value = torch.tensor(self.answers(self.inputs) if answers is None else answers)
        learned = kappa if self.kind == "learned" else None
        signals = FilteredSpikes.apply(*given, learned, value, known[self.kind], normalise, all_active)
        signals.backward(torch.tensor(self.error))
        return [one.grad.numpy() for one in given] + ([kappa.grad.numpy()] if self.kind == "learned" else [])


def differences(function, argument, error):
    """Return central differences of sum(error * function(argument))."""
    found = np.zeros_like(argument)
    for place in np.ndindex(argument.shape):
        change = np.zeros_like(argument)
        change[place] = 1e-6
        found[place] = (error * (function(argument + change) - function(argument - change))).sum() / 2e-6
    return found


@pytest.mark.parametrize("kind", ["none", "uniform", "learned"])
def test_derivatives_by_inputs_have_the_whole_group_in_them(kind):
    case = Case(kind)
    expected = differences(case.answers, case.inputs, case.error)
    np.testing.assert_allclose(case.derivatives()[0], expected, rtol=1e-6)


def test_uniform_inhibition_is_the_closed_form_of_eq_8():
    case, mu = Case("uniform"), 0.3
    ratio = case.weights / case.thresholds[:, None]
    closed = (ratio - mu / (1 + mu * (N - 1)) * ratio.sum(axis=0)) / (1 - mu)
    np.testing.assert_allclose(case.derivatives()[0], case.error @ closed, rtol=1e-6)


@pytest.mark.parametrize("kind", ["none", "uniform", "learned"])
def test_derivatives_by_parameters_hold_the_others_fixed(kind):
    """Eqs. 6 and 7. By a threshold there is also the inhibition in proportion to it, and the reset."""
    case = Case(kind)
    by_weights = differences(lambda w: case.partial(w, case.thresholds, case.kappa), case.weights, case.error)
    np.testing.assert_allclose(case.derivatives()[1], by_weights, rtol=1e-6)
    by_thresholds = differences(lambda v: case.partial(case.weights, v, case.kappa), case.thresholds, case.error)
    np.testing.assert_allclose(case.derivatives()[2], by_thresholds, rtol=1e-6)
    if kind == "learned":
        by_kappa = differences(lambda k: case.partial(case.weights, case.thresholds, k), case.kappa, case.error)
        np.testing.assert_allclose(case.derivatives()[3], by_kappa * (1 - np.eye(N)), rtol=1e-6)


def test_inhibition_is_among_the_neurons_that_fire():
    case = Case("uniform")
    answers = np.abs(case.answers(case.inputs))
    answers[:, [1, 3]] = 0
    case.error[:, [1, 3]] = 7.0  # of no effect
    active = [0, 2, 4]
    inverse = np.linalg.inv(np.eye(3) + 0.3 * (1 - np.eye(3)))
    ratio = case.weights[active] / case.thresholds[active, None]
    by_inputs, by_weights, *_ = case.derivatives(answers=answers, all_active=False)
    np.testing.assert_allclose(by_inputs, case.error[:, active] @ inverse @ ratio, rtol=1e-6)
    assert not by_weights[[1, 3]].any()
    assert by_weights[active].all()


def test_normalised_errors_term_by_term():
    case = Case("none")
    case.inputs[0, :5] = 0
    answers = case.answers(case.inputs)
    gain = 1 / case.thresholds
    gain /= np.sqrt((gain**2).mean())
    by_inputs, by_weights, by_thresholds = (np.zeros_like(one) for one in (case.inputs, case.weights, case.thresholds))
    for b in range(IMAGES):
        heard = np.count_nonzero(case.inputs[b])
        for i in range(N):
            delta = gain[i] * case.error[b, i]
            by_thresholds[i] += np.sqrt(N / (heard * M)) * delta * -answers[b, i]
            for k in range(M):
                by_inputs[b, k] += np.sqrt(M / heard) * case.weights[i, k] * delta
                by_weights[i, k] += np.sqrt(N / heard) * delta * case.inputs[b, k]
    found = case.derivatives(normalise=True)
    for one, other in zip(found, (by_inputs, by_weights, by_thresholds), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


@pytest.mark.parametrize("mu", [0.0, 0.02])
def test_filtered_spikes_of_a_simulation_change_as_the_derivatives_say(mu):
    """By so much input that single spikes do not count; what the potential holds is a spike of some hundred."""
    random = np.random.default_rng(0)
    arriving, n = random.poisson(0.1, (4000, 10)).astype(float), 4
    weights, thresholds = random.uniform(0.5, 1.0, (n, 10)), np.full(n, 2.5)
    kappa, tau = -mu * (1 - np.eye(n)), 1000.0

    def answers(weights):
        return low_pass(step_layer(arriving, weights, thresholds, kappa, tau, 1.0)[0], tau)

    a, x = answers(weights), low_pass(arriving, tau)
    assert a.min() > 100
    change = np.zeros_like(weights)
    change[1, :] = 0.1
    inverse = np.linalg.inv(np.eye(n) - kappa)
    expected = inverse[:, 1] * (0.1 * x.sum() / thresholds[1])
    found = answers(weights + change) - a
    assert found[1] == pytest.approx(expected[1], abs=2.0) and expected[1] > 20
    np.testing.assert_allclose(found, expected, atol=2.0)
