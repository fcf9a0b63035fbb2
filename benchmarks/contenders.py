"""The contenders: their names, how each shows images, and measuring them on one network, side by side."""

import os
import platform
import statistics
import subprocess
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import bindsnet_peer
from fused import FusedLoop
from plain_process import PlainProcess
from standalone_plain import FreshBuild

from stdpnet.base.errors import ConfigError
from stdpnet.network.spec import CAPACITY
from stdpnet.simulation.compiler import find_compiler

YARDSTICK = Path(__file__).resolve().parents[2] / "shared" / "yardstick"
PLAIN, OURS, STEADY, FUSED = "plain Brian2", "stdpnet", "stdpnet without start-up", "fused C++ loop"
STANDALONE, PEER = "plain cpp_standalone", "BindsNET"
#: Presentations in one repeat of the contenders that take a tenth of a second or more for each.
SLOW = 10


def fused_source(folder):
    """Return the path of the fused loop's source, or None where there is none."""
    source = Path(folder or YARDSTICK) / "fused_loop.cpp"
    if source.is_file():
        return source
    if folder:
        raise ConfigError(f"--yardstick is {folder}; expected a folder with fused_loop.cpp")
    print("no fused C++ loop at hand: left out (--yardstick FOLDER names one)")
    return None


def long_and_short(compiled, images):
    """Show all images and a tenth of them; return seconds, spikes and images of all, and of the difference.

    The difference is free of what every start of the program costs.
    """
    few = max(1, len(images) // 10)
    (seconds, spikes), (start_up, fewer) = compiled.present(images), compiled.present(images[:few])
    return (seconds, spikes, len(images)), (seconds - start_up, spikes - fewer, len(images) - few)


def machine():
    """Return processor, cores, load and compiler."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    version = subprocess.run([find_compiler(), "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "processor": models[0] if models else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg(),
        "compiler": version.splitlines()[0],
    }


@contextmanager
def running(process):
    """End a `PlainProcess` afterwards, also one that has failed."""
    try:
        yield process
    finally:
        with suppress(OSError):
            process.close()


def contenders(args, config, ours, images, stack):
    """Yield names and a function that shows images and returns seconds, spikes and images for each name."""
    size = args.presentations or min(CAPACITY, max(100, 640_000 // config.neurons))
    batch, few, slow = images[:size], images[: max(10, size // 10)], images[:SLOW]
    yield (OURS, STEADY), lambda: long_and_short(ours, batch)
    if config.neurons <= args.plain_limit:
        plain = stack.enter_context(closing(FreshBuild(config, images.shape[1], ours.state, plain=True)))
        yield (STANDALONE,), lambda: long_and_short(plain, few)[1:]
    if config.rule != "triplet":
        return
    if args.fused:
        fused = FusedLoop(args.fused, config, ours.state)
        yield (FUSED,), lambda: [(*fused.present(batch), size)]
    if config.neurons <= args.runtime_limit:
        runtime = stack.enter_context(running(PlainProcess(config, ours.state)))
        runtime.present(slow[:2])
        yield (PLAIN,), lambda: [(*runtime.present(slow), len(slow))]
        if args.peer and not config.delays:
            peer = bindsnet_peer.BindsNetPeer(config, images.shape[1])
            peer.present(slow[:2])
            yield (PEER,), lambda: [(*peer.present(slow), len(slow))]


def measure(args, config, images, bar):
    """Return the results for one network as plain data."""
    with ExitStack() as stack:
        ours = stack.enter_context(closing(FreshBuild(config, images.shape[1])))
        ours.present(images[-args.warm_up :], keep=True)
        shows = dict(contenders(args, config, ours, images, stack))
        bar.update()
        runs = {name: [] for names in shows for name in names}
        for _ in range(args.repeats):
            for names, show in shows.items():
                for name, (seconds, spikes, n) in zip(names, show(), strict=True):
                    runs[name].append((1e3 * seconds / n, spikes / n, n))
            bar.update()
        memory = ours.peak_memory(images[: runs[OURS][0][2]])
    return {
        **{"rule": config.rule, "neurons": config.neurons, "delays": config.delays},
        **{"build_seconds": ours.build_seconds, "peak_memory_mb": memory},
        "ms_per_presentation": {name: statistics.median(ms for ms, _, _ in found) for name, found in runs.items()},
        "repeats": {name: [ms for ms, _, _ in found] for name, found in runs.items()},
        "spikes_per_presentation": {name: [count for _, count, _ in found] for name, found in runs.items()},
        "presentations": {name: found[0][2] for name, found in runs.items()},
    }
