"""Both sides of a comparison of converted networks: which images they get right, and how long they take."""

import time

import numpy as np
import spikingjelly_peer as peer
from scipy.stats import binomtest

from stdpnet.base.progress import progress_bar
from stdpnet.conversion.simulators.torch_simulator import simulate

STEPS = (8, 16, 32, 64)
OURS = "stdpnet"


def right_answers(ours, peers, starts, images, labels, batch):
    """Return for each contender and number of steps which images it gets right, ndarray of bool."""
    right = {name: {end: [] for end in STEPS} for name in (OURS, *peer.CONTENDERS)}
    with progress_bar((1 + len(peers)) * len(images), 0, "accuracy") as bar:
        for begin in range(0, len(images), batch):
            shown, truth = images[begin : begin + batch], labels[begin : begin + batch]
            answers = simulate(ours, shown, max(STEPS), batch=batch, first=begin).predictions
            for end in STEPS:
                right[OURS][end].append(answers[:, end - 1] == truth)
            for recipe, network in peers.items():
                (found,) = peer.outputs(network, shown, max(STEPS), batch)
                for name, (used, _) in peer.CONTENDERS.items():
                    if used == recipe:
                        for end, answer in peer.predictions(found, starts[name]).items():
                            right[name][end].append(answer == truth)
            bar.update((1 + len(peers)) * len(shown))
    return {name: {end: np.concatenate(parts) for end, parts in by.items()} for name, by in right.items()}


def paired(ours, other):
    """Return how many images only one of two gets right, and the p-value of the exact McNemar test."""
    only_ours, only_other = int((ours & ~other).sum()), int((other & ~ours).sum())
    p = binomtest(only_ours, only_ours + only_other).pvalue if only_ours + only_other else 1.0
    return {"only_stdpnet": only_ours, "only_peer": only_other, "p": p}


def milliseconds(ours, peers, images, batch, repeats):
    """Return the milliseconds of the processor per image in each repeat, by recipe and number of steps."""

    def timed(show):
        start = time.process_time()
        show()
        return 1e3 * (time.process_time() - start) / len(images)

    def show_peer(network, steps, mode):
        for found in peer.outputs(network, images, steps, batch, mode):
            found.sum(dim=0).argmax(dim=1)

    times = {name: {steps: [] for steps in STEPS} for name in (OURS, *peers)}
    with progress_bar(repeats * len(STEPS), 0, "time") as bar:
        for _ in range(repeats):
            for steps in STEPS:
                times[OURS][steps].append(timed(lambda: simulate(ours, images, steps, batch=batch)))  # noqa: B023
                for name, network in peers.items():
                    both = [timed(lambda: show_peer(network, steps, mode)) for mode in "sm"]  # noqa: B023
                    times[name][steps].append(min(both))
                bar.update()
    return times
