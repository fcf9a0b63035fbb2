"""Memory of an evaluation in the worst case: every neuron fires in every step.

    python benchmarks/evaluation_memory.py --images 10000 --workers 2

A network whose threshold lies below its rest, and that has no refractory time, is shown images to name its neurons and
as many to be tested on. Printed is the greatest memory of the process and of its workers, added up (Linux).
"""

import argparse
import os
import resource
import threading
import time
from pathlib import Path

import numpy as np

import stdpnet


def memory(pid: int) -> int:
    """Return the memory of a process and of all below it in bytes; what they share counts once."""
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    own = next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return own + sum(map(memory, children))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--neurons", type=int, default=400)
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    images = np.random.default_rng(0).integers(0, 256, (args.images, 28, 28), dtype=np.uint8)
    labels = np.arange(args.images) % 10
    dataset = stdpnet.Dataset("noise", images, labels, images, labels)
    always = {"v_threshold": -200.0, "refractory_time": 0.0, "theta_plus": 0.0}
    config = stdpnet.Config(neurons=args.neurons, images=2, epochs=1, drive="grey", shuffle="off", excitatory=always)
    trained = stdpnet.train(config, dataset, show_progress=False)
    highest, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            highest[0] = max(highest[0], memory(os.getpid()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    result = stdpnet.evaluate(trained, workers=args.workers)
    done.set()
    watcher.join()
    own = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    spikes = result.arrays["spikes_per_image"].sum()
    took = time.perf_counter() - start
    print(
        f"{args.images:,} + {args.images:,} images, {spikes:,.0f} spikes each, {took:.0f} s: at most "
        f"{highest[0] / 1e9:.2f} GB with all workers, {own / 1e9:.2f} GB in the process itself\n{result}"
    )


if __name__ == "__main__":
    main()
