"""What makes a network good in a given number of steps, chosen on images by the analogue network's answers."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch

from stdpnet.base.errors import ConversionError
from stdpnet.base.progress import progress_bar
from stdpnet.conversion.equivalence import all_scores
from stdpnet.conversion.graph.graph import Graph
from stdpnet.conversion.listening import SHARES, with_share
from stdpnet.conversion.options import MOST_STEPS, ConversionOptions
from stdpnet.conversion.simulators.torch_correction import corrected
from stdpnet.conversion.simulators.torch_network import output_currents
from stdpnet.conversion.spiking.network import SpikingNetwork
from stdpnet.conversion.spiking.reader import Reader
from stdpnet.conversion.spiking.readout import predictions

log = logging.getLogger(__name__)

#: Images that corrections are measured on, and others that the choice is made by, at most.
IMAGES = 128
#: Values of the largest layer in all steps of these images that are held at once: 256 MB.
HELD = 2**26
#: Lowest potentials that are tried, None for no such.
LOWEST = None, 0.0


@dataclass(frozen=True)
class Choice:
    """A network, what is special about it, and the share of images that it answers as the analogue network does."""

    network: SpikingNetwork
    name: str
    agreement: float


class Tuning:
    """The choice of scales, corrections and the readout's share of the steps, for a number of steps.

    Tried are the scales that were asked for as they are, and with the corrections of `corrected` these, a percentile
    of 99, and those of least error in so many steps, each with and without potentials below 0; with each, the last
    quarter, half, three quarters or all of the steps. Corrections are measured on some of the images, the choice is
    made by others; no labels are needed.

    Parameters
    ----------
    graph : Graph
        Ready for the choice of scales.
    images : ndarray of float64, shape (n_images, *shape of the Input node)
    steps : int

    Raises
    ------
    ConversionError
        When there are less than two images, or the number of steps is not usable.
    """

    def __init__(self, graph: Graph, images: np.ndarray, steps: int):
        if not 1 <= steps <= MOST_STEPS:
            raise ConversionError(f"steps is {steps}; expected 1 to {MOST_STEPS}, or 0 for any number")
        if len(images) < 2:
            raise ConversionError("there is 1 image; expected at least 2, some to measure on and others to choose by")
        count = min(IMAGES, max(1, HELD // (steps * graph.largest)), len(images) // 2)
        self.steps, self.measured, self.judged = steps, images[:count], images[-min(IMAGES, len(images) - count) :]
        self.measured, self.judged = self.measured.astype(float), self.judged.astype(float)
        self.answers = predictions(all_scores(graph, self.judged.astype(np.float32), "answers"))

    @torch.no_grad()
    def best(
        self,
        options: ConversionOptions,
        make: Callable[[ConversionOptions], SpikingNetwork],
        show_progress: bool = False,
    ) -> SpikingNetwork:
        """Return the network that answers most images as the analogue network does.

        Parameters
        ----------
        options : ConversionOptions
        make : callable
            From options to a network.
        show_progress : bool

        Returns
        -------
        SpikingNetwork
        """
        began, given = time.monotonic(), options.normalisation
        names = dict.fromkeys([given, "percentile:99", f"error:{self.steps}"])
        bounds = LOWEST[:1] if options.signed else LOWEST
        choices: list[Choice] = []
        with progress_bar(1 + len(names) * len(bounds), 0, "choosing", show_progress) as bar:
            for name in names:
                network = make(replace(options, normalisation=name))
                if name == given:
                    choices += self._judged(network, name)
                    bar.update()
                for lowest in bounds:
                    about = f"{name}, corrected" + ("" if lowest is None else f", no potential below {lowest:g}")
                    choices += self._judged(corrected(network, self.measured, self.steps, lowest), about)
                    bar.update()
        best = max(choices, key=lambda choice: choice.agreement)  # the first one of several
        log.info(
            "made for %d steps, %s: answers %.1f %% of %d images as the analogue network does, not %.1f %% (%s); "
            "tried %d in %.0f s",
            *(
                self.steps,
                best.name,
                100 * best.agreement,
                len(self.judged),
                100 * choices[0].agreement,
                choices[0].name,
            ),
            *(len(choices), time.monotonic() - began),
        )
        chosen = {
            "steps": self.steps,
            "choice": best.name,
            "recent": best.network.readout.recent,
            "agreement": best.agreement,
            "agreement_by_choice": {choice.name: choice.agreement for choice in choices},
            "images": len(self.judged),
            "seconds": round(time.monotonic() - began, 1),
        }
        return replace(best.network, chosen=best.network.chosen | chosen)

    def _judged(self, network, name):
        """Return a choice for each share of the steps that the readout may go by, all of them first."""
        currents, found = output_currents(network, self.judged, self.steps), []
        for share in SHARES:
            one = with_share(network, share)
            scores = Reader(one.readout, range(len(self.judged)), currents.shape[2]).read(currents)[-1]
            agreement = float(np.mean(predictions(scores) == self.answers))
            found.append(Choice(one, f"{name}, readout of the last {share:.0%} of the steps", agreement))
        return found
