"""The figure of rate curves: what is drawn is what the neurons do."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from stdpnet.base.errors import ConfigError
from stdpnet.commands.plot import draw_figure
from stdpnet.conversion.graph.rates import SoftLIF
from stdpnet.plots.conversion.rate_curves import FEWER, draw, plot_scatter


def test_quartiles_lie_around_the_rate():
    ax = plot_scatter(SoftLIF(), "LIF", "black", plt.figure().gca())
    median, rate = (line.get_ydata() for line in ax.lines)
    current = 0.825 * FEWER + 1
    np.testing.assert_allclose(rate, 0.063 / (0.001 + 0.05 * np.log(current / (current - 1))), rtol=1e-6)
    assert np.abs(median - rate)[-20:].max() < 0.3  # of 60 spikes/s and more
    (band,) = ax.collections
    low, high = band.get_datalim(ax.transData).intervaly
    assert abs(low) < 1e-3 and high > rate[-1]
    plt.close("all")


def test_each_time_constant_has_its_curves():
    figure = draw([SoftLIF(tau_rc=0.05), SoftLIF(tau_rc=0.02)])
    labels = figure.axes[0].get_legend_handles_labels()[1]
    assert labels == ["50 ms, hard", "50 ms, soft", "20 ms, hard", "20 ms, soft", "ReLU"]
    plt.close("all")


@pytest.mark.parametrize("value", ["many", "0"])
def test_time_constants_are_numbers(value):
    with pytest.raises(ConfigError, match=f"time constants are {value}; expected numbers above 0, in ms"):
        draw_figure("rate-curves", [value])
