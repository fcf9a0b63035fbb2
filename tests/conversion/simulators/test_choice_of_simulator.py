"""One function for both simulators: PyTorch where it is installed, else Brian2."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from spiking_graphs import images_for, residual

from stdpnet.base.errors import ConversionError
from stdpnet.conversion.convert import convert
from stdpnet.conversion.simulators import brian_simulator, simulate, torch_simulator
from stdpnet.conversion.simulators.stopping import Margin


@pytest.fixture(scope="module")
def images():
    return images_for(residual(np.random.default_rng(0)), 3)


@pytest.fixture(scope="module")
def network(images):
    return convert(residual(np.random.default_rng(0)), images)


def test_pytorch_is_the_default_and_brian2_can_be_chosen(network, images):
    found, expected = simulate(network, images, 6), torch_simulator.simulate(network, images, 6)
    np.testing.assert_array_equal(found.scores, expected.scores)
    found = simulate(network, images[:1], 6, simulator="brian2", keep="counts")
    expected = brian_simulator.simulate(network, images[:1], 6, keep="counts")
    np.testing.assert_array_equal(found.scores, expected.scores)
    assert found.counts.keys() == expected.counts.keys() != set()


def test_a_criterion_to_stop_may_be_text(network, images):
    found = simulate(network, images, 20, stop="margin:0.5")
    np.testing.assert_array_equal(found.steps, simulate(network, images, 20, stop=Margin(0.5)).steps)
    assert found.steps.min() < 20
    assert "in the mean" in repr(found)


def test_what_is_unknown_is_named(network, images):
    with pytest.raises(ConversionError, match="simulator is 'nest'; expected torch or brian2"):
        simulate(network, images, 6, simulator="nest")
    message = (
        "unknown option 'batch' of the simulator brian2; expected target, keep, every_score, first, most, show_progress"
    )
    with pytest.raises(ConversionError, match=message):
        simulate(network, images, 6, simulator="brian2", batch=3)


WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
import numpy as np
from spiking_graphs import images_for, residual
from stdpnet.base.errors import ConfigError
from stdpnet.conversion.convert import convert
from stdpnet.conversion.simulators import simulate
graph = residual(np.random.default_rng(0))
images = images_for(graph, 1)
network = convert(graph, images)
print(simulate(network, images, 2).predictions.shape)
for options in ({"simulator": "torch"}, {"stop": "margin:2"}):
    try:
        simulate(network, images, 2, **options)
    except ConfigError as error:
        print(error)
"""


def test_without_pytorch_brian2_simulates_and_what_needs_pytorch_says_so():
    command, folder = [sys.executable, "-c", WITHOUT_TORCH], Path(__file__).parent.parent
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    install = 'pip install "stdpnet[torch]", or use the simulator brian2'
    assert done.stdout.splitlines() == [
        "(1, 2)",
        f"PyTorch is not installed; the simulator torch needs it: {install}",
        f"PyTorch is not installed; stopping early needs it: {install}",
    ], done.stderr
