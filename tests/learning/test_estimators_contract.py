"""scikit-learn's contract: its own checks of all three estimators, on networks that compile nothing."""

import functools
import json

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from stdpnet import LabelAssigner, STDPClassifier, STDPTransformer
from stdpnet.learning import training
from stdpnet.learning.presentation import responses
from stdpnet.network.spec import NetworkSpec
from stdpnet.simulation import open_simulator

#: Six steps for an image, shown once, so that NumPy takes milliseconds.
SHORT = {"presentation": {"dt": 1.0, "window": 5.0, "rest": 1.0, "rate": 1.0, "repetitions": 0, "fewest_spikes": 0}}
TINY = {"neurons": 4, "epochs": 1, "delays": False, "parameters": SHORT, "backend": "numpy"}

#: By estimator: the check, and why it fails.
EXPECTED: dict[str, dict[str, str]] = {
    "STDPTransformer": {},
    "STDPClassifier": {"check_classifiers_train": "asks for 83 % of three clusters, from four neurons and two pixels"},
    "LabelAssigner": {},
}


@functools.cache
def kept(text, backend):
    """Return the simulator of a spec: the checks ask for the same few again and again."""
    return open_simulator(NetworkSpec.from_dict(json.loads(text)), backend)


@pytest.fixture(autouse=True)
def simulators_are_kept(monkeypatch):
    for module in (training, responses):
        monkeypatch.setattr(
            module,
            "open_simulator",
            lambda spec, backend, announce=None, threads=1: kept(json.dumps(spec.to_dict()), backend),
        )


@parametrize_with_checks(
    [STDPTransformer(**TINY), STDPClassifier(**TINY), LabelAssigner()],
    expected_failed_checks=lambda estimator: EXPECTED[type(estimator).__name__],
)
def test_contract_of_scikit_learn(estimator, check):
    check(estimator)
