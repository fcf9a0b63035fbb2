"""Both sides of a comparison of converted networks: which images they get right, and how long they take."""

import time

import numpy as np
import spikingjelly_peer as peer
from scipy.stats import binomtest

from stdpnet.base.progress import progress_bar
from stdpnet.conversion.simulators.torch_simulator import simulate

STEPS = (4, 8, 16, 32, 64)
OURS = "stdpnet"
#: A network for each number of steps that some were made for.
MADE = "stdpnet, made for T"


def right_answers(ours, made, peers, starts, images, labels, batch):
    """Return for each contender and number of steps which images it gets right, ndarray of bool.

    Parameters
    ----------
    ours : SpikingNetwork
    made : dict of int to SpikingNetwork
        By the number of steps that it was made for.
    peers, starts : dict
        From `spikingjelly_peer`.
    images, labels : ndarray
    batch : int
    """
    right = {name: {end: [] for end in STEPS} for name in (OURS, *peer.CONTENDERS)}
    right[MADE] = {steps: [] for steps in made}
    each = 1 + len(peers) + len(made)
    with progress_bar(each * len(images), 0, "accuracy") as bar:
        for begin in range(0, len(images), batch):
            shown, truth = images[begin : begin + batch], labels[begin : begin + batch]
            answers = simulate(ours, shown, max(STEPS), batch=batch, first=begin).predictions
            for end in STEPS:
                right[OURS][end].append(answers[:, end - 1] == truth)
            for end, network in made.items():
                answers = simulate(network, shown, end, batch=batch, first=begin).predictions
                right[MADE][end].append(answers[:, -1] == truth)
            for recipe, network in peers.items():
                (found,) = peer.outputs(network, shown, max(STEPS), batch)
                for name, (used, _) in peer.CONTENDERS.items():
                    if used == recipe:
                        for end, answer in peer.predictions(found, starts[name]).items():
                            right[name][end].append(answer == truth)
            bar.update(each * len(shown))
    return {name: {end: np.concatenate(parts) for end, parts in by.items()} for name, by in right.items()}


def paired(right, name):
    """Compare one of ours image by image with every peer, at every number of steps.

    Returns
    -------
    dict of str to dict of int to dict
        By peer and number of steps: how many images only one of the two gets right, the p-value of the exact McNemar
        test, and that value after Holm's correction for all of these comparisons.
    """
    found = {}
    for other in peer.CONTENDERS:
        for end, ours in right[name].items():
            one, two = int((ours & ~right[other][end]).sum()), int((right[other][end] & ~ours).sum())
            p = binomtest(one, one + two).pvalue if one + two else 1.0
            found[other, end] = {"only_stdpnet": one, "only_peer": two, "p": p}
    worst = 0.0
    for number, case in enumerate(sorted(found.values(), key=lambda case: case["p"])):
        worst = max(worst, min(1.0, case["p"] * (len(found) - number)))
        case["p_holm"] = worst
    return {other: {end: found[other, end] for end in right[name]} for other in peer.CONTENDERS}


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
