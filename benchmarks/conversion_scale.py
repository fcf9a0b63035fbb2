"""Memory and time of a conversion: networks of the size of ImageNet's, each in a process of its own.

    python benchmarks/conversion_scale.py --images 500 --out scale.csv

Weights and images are random: what is measured depends on their sizes. Printed are the greatest memory of the process,
images and module included, and the seconds of `stdpnet.convert` (Linux).
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch
from image_networks import NETWORKS, network

import stdpnet
from stdpnet.base import tables


def gigabytes():
    """Return the greatest memory of this process so far."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e9


def measured(name, n_images):
    """Convert one network in this process, and return what that took."""
    model, shape = network(name)
    images = np.random.default_rng(0).random((n_images, *shape), np.float32)
    parameters, before, start = sum(p.numel() for p in model.parameters()), gigabytes(), time.perf_counter()
    spiking = stdpnet.convert(model, images)
    seconds = time.perf_counter() - start
    row = {"network": name, "images": n_images, "parameters": parameters, "neurons": 0, "seconds": round(seconds, 1)}
    row |= {"gigabytes": round(gigabytes(), 3), "gigabytes_before": round(before, 3), "cores": torch.get_num_threads()}
    layers = (spiking.graph.shapes[layer] for layer in spiking.spiking_layers)
    return row | {"neurons": sum(int(np.prod(layer)) for layer in layers)}


def main():
    """Measure what is asked for; what is finished is written at once, and not made again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS), metavar="NAME")
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--out", type=Path, default=Path("scale.csv"))
    parser.add_argument("--one", action="store_true", help="measure one network in this process")
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measured(args.networks[0], args.images)))
        return
    rows = list(csv.DictReader(args.out.read_text().splitlines())) if args.out.exists() else []
    for name in args.networks:
        if any((row["network"], row["images"]) == (name, str(args.images)) for row in rows):
            continue
        command = [sys.executable, __file__, "--one", "--networks", name, "--images", str(args.images)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ)
        rows.append({key: str(value) for key, value in json.loads(done.stdout.splitlines()[-1]).items()})
        print(rows[-1], flush=True)
        tables.write_table(args.out, rows)


if __name__ == "__main__":
    main()
