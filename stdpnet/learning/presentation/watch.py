"""What goes wrong while a network learns, said once and while it goes wrong; and when nothing can come of it.

Healthy are the 28 published runs on full MNIST (``docs/figures/sweep``, four rules, 100 to 6,400 neurons), collapsed
are runs on images with twice the ink: Fashion-MNIST, where triplet with 100 neurons has 46 to 61 spikes per image and
35 repetitions per 100 images, and exponential with 400 neurons theta of 71 mV, 522 spikes and 100 repetitions.
"""

import numpy as np

from stdpnet.base.errors import CollapsedNetworkError
from stdpnet.learning.config import Config
from stdpnet.learning.presentation.batch import Batch
from stdpnet.learning.state import State

#: Presentations over which is judged; those at the start, in which weights are still random, are not.
WINDOW = 1000
#: Distance of the mean threshold from the reversal potential of excitation, mV: healthy 20 and more, collapsed 1 to 12.
NEAR_REVERSAL = 15.0
#: The same, so near that no excitation can drive the neurons any more: collapsed 1.
AT_REVERSAL = 3.0
#: Windows in a row after which such a network is given up.
PATIENCE = 2
#: Share of repeated presentations: healthy up to 0.051 with at most 1,600 neurons, collapsed above 0.3.
REPEATED = 0.06
#: Theta from which images are repeated because thresholds are high, mV: healthy below 45 with the triplet rule.
HIGH_THETA = 45.0
#: Spikes per image: healthy 17 to 54, collapsed 46 to 522.
FEWEST_SPIKES, MOST_SPIKES = 8.0, 60.0
#: Mean correlation of the neurons' weights (see `correlation`): after 4,000 digits 0.15 to 0.56, with the four rules.
ALIKE = 0.95
#: Neurons that are compared with each other.
COMPARED = 100
#: Share of the neurons without a spike in a window: healthy up to 0.33, with 6,400 neurons.
SILENT = 0.5


def correlation(weights: np.ndarray) -> float:
    """Return the mean correlation between the weights of every two neurons, of 100 of them if there are more.

    Parameters
    ----------
    weights : ndarray, shape (n_inputs, n_neurons)

    Returns
    -------
    float
        1 where all are the same, or do not depend on the input; 0 for a single neuron.

    Examples
    --------
    >>> round(correlation(np.array([[0.0, 0.1], [1.0, 0.5]])), 6)
    1.0
    """
    chosen = weights[:, :: -(-weights.shape[1] // COMPARED)].astype(float)
    n = chosen.shape[1]
    if n < 2:
        return 0.0
    chosen -= chosen.mean(axis=0)
    length = np.sqrt((chosen**2).sum(axis=0))
    if not length.any():
        return 1.0
    unit = chosen / np.where(length == 0, 1, length)
    return float(((unit.sum(axis=1) ** 2).sum() - (length > 0).sum()) / (n * (n - 1)))


class Watch:
    """Looks at a training, a window of 1,000 presentations at a time.

    Parameters
    ----------
    config : Config
        For the reversal potential and the constants of the threshold.
    go_on : bool
        Whether to say that nothing can come of it, instead of stopping.
    """

    fired: np.ndarray

    def __init__(self, config: Config, go_on: bool = False):
        self.config, self.go_on = config, go_on
        self.said: set[str] = set()
        self.lost = 0
        self._forget()

    def add(self, batch: Batch, state: State) -> list[str]:
        """Look at a batch, and return what has not been said before.

        Parameters
        ----------
        batch : Batch
        state : State
            After it.

        Returns
        -------
        list of str
            Sentences, mostly none.

        Raises
        ------
        CollapsedNetworkError
            When nothing can come of this training.
        """
        start = state.presented - len(batch.counts) < WINDOW
        if start:
            return []
        self.shown += len(batch.counts)
        self.spikes += int(batch.counts.sum())
        self.repeated += int(batch.repetitions.sum())
        self.fired = self.fired | batch.counts.any(axis=0)
        if self.shown < WINDOW:
            return []
        found = self._judge(float(state.theta.mean()), correlation(state.weights))
        new = [text for name, text in found.items() if name not in self.said]
        self.said |= set(found)
        gap = self._gap(float(state.theta.mean()))
        self.lost = self.lost + 1 if gap < AT_REVERSAL else 0
        self._forget()
        if self.lost >= PATIENCE and not self.go_on:
            raise CollapsedNetworkError(
                f"training stopped after {state.presented:,} presentations: thresholds are {gap:.1f} mV below the "
                "reversal potential of excitation, where no image can drive the neurons any more; train anew and "
                f"{self._with_less()}, or insist with --go-on (go_on=True)"
            )
        return new

    def _forget(self) -> None:
        self.shown, self.spikes, self.repeated = 0, 0, 0
        self.fired = np.zeros(self.config.neurons, bool)

    def _gap(self, theta: float) -> float:
        neurons = self.config.excitatory
        return neurons.e_excitatory - (theta - neurons.theta_offset + neurons.v_threshold)

    def _with_less(self) -> str:
        other = "leave the drive to --drive auto, or " * (self.config.drive == "grey")
        return f"{other}lower presentation.rate or excitatory.theta_plus"

    def _judge(self, theta: float, alike: float) -> dict[str, str]:
        spikes, repeated, silent = self.spikes / self.shown, self.repeated / self.shown, 1 - self.fired.mean()
        gap, found = self._gap(theta), {}
        if gap < NEAR_REVERSAL:
            found["theta"] = (
                f"thresholds are near the reversal potential of excitation ({gap:.1f} mV below it, theta is "
                f"{theta:.1f} mV on average): {self._with_less()}"
            )
        if repeated > REPEATED:
            change = self._with_less() if theta > HIGH_THETA else "raise presentation.rate"
            found["repeated"] = (
                f"{100 * repeated:.0f} repetitions for 100 images, which brought too few spikes; usual are fewer than "
                f"{100 * REPEATED:.0f}: {change}"
            )
        if not FEWEST_SPIKES <= spikes <= MOST_SPIKES:
            change = "raise presentation.rate" if spikes < FEWEST_SPIKES else self._with_less()
            found["spikes"] = (
                f"{spikes:.1f} spikes per image, usual are {FEWEST_SPIKES:.0f} to {MOST_SPIKES:.0f}: {change}"
            )
        if alike > ALIKE:
            found["alike"] = (
                f"the neurons are all alike (their weights correlate by {alike:.2f} on average): raise "
                "connections.inhibition, or lower presentation.rate"
            )
        if silent > SILENT:
            found["silent"] = (
                f"{100 * silent:.0f} % of the neurons have not fired in {self.shown:,} images: train fewer neurons, or "
                "raise excitatory.theta_plus, so that others win"
            )
        return found
