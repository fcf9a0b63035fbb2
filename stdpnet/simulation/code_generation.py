"""Compile one network with Brian2's C++ standalone mode. Run in a process of its own.

    python -m stdpnet.simulation.code_generation SPEC.json DIRECTORY [--plain]

A process of its own, because Brian2's device and preferences are global: the caller's own
Brian2 session stays as it was. Beside the program it writes ``manifest.json``, which names
every variable's type, size and result file; running the program needs no Brian2. With
``--plain`` Brian2's own device is used instead of ours, to compare with.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from brian2 import get_device, prefs, second, set_device
from brian2.core.variables import ArrayVariable

from stdpnet.base.errors import StdpnetError, root_cause
from stdpnet.network.assembly import FOREVER, Assembly, assemble
from stdpnet.network.spec import NetworkSpec
from stdpnet.simulation.compiler import compile_folder
from stdpnet.simulation.device.support import problems

#: Brian2's own C++ standalone device: the fallback, and what tests compare with.
PLAIN = "cpp_standalone"


def compile_network(spec: NetworkSpec, directory: Path, device_name: str) -> None:
    """Generate and compile the program of a network.

    Parameters
    ----------
    spec : NetworkSpec
    directory : Path
        Absolute and empty but for the request; the program ``main`` and ``manifest.json`` come into it.
    device_name : str
        One of Brian2's devices: that of `stdpnet.simulation.device.dense`, or `PLAIN`.

    Raises
    ------
    SimulationError
        When the compiler fails, or there is none.
    """
    prefs.core.default_float_dtype = np.float32
    set_device(device_name, directory=str(directory), build_on_run=False)
    device = get_device()
    assembly = assemble(spec)
    device.apply_run_args()  # the values must be there before the delays are set
    assembly.apply_delays()
    assembly.network.run(FOREVER * second)
    device.build(directory=str(directory), run=False, compile=False, with_output=False)
    sources = sorted(str(path.relative_to(directory)) for path in directory.rglob("*.cpp"))
    compile_folder(directory, sources, workers=os.cpu_count() or 1)
    (directory / "manifest.json").write_text(json.dumps(manifest(spec, assembly, device)))


def manifest(spec: NetworkSpec, assembly: Assembly, device: Any) -> dict[str, Any]:
    """Return what a caller of the program needs to know.

    Parameters
    ----------
    spec : NetworkSpec
    assembly : Assembly
        The network made from it.
    device : brian2.devices.cpp_standalone.device.CPPStandaloneDevice
        The one that has built it.

    Returns
    -------
    dict
        ``spec``, and by the name ``group.variable``: ``inputs`` with ``dtype`` and ``size`` (number of values), and
        ``outputs`` with ``dtype`` and ``file``.
    """
    inputs: dict[str, dict[str, Any]] = {}
    outputs: dict[str, dict[str, Any]] = {}
    for name, table in assembly.tables.items():
        inputs[f"{name}.values"] = {"dtype": str(table.values.dtype), "size": int(table.values.size)}
    for group_name, group in assembly.groups.items():
        for name, variable in group.variables.items():
            if not isinstance(variable, ArrayVariable) or variable.owner.name != group_name:
                continue
            dtype, file = str(np.dtype(variable.dtype)), Path(device.get_array_filename(variable)).name
            outputs[f"{group_name}.{name}"] = {"dtype": dtype, "file": file}
            if not variable.read_only:
                size = spec.n_inputs * spec.n_neurons if variable.dynamic else variable.size
                inputs[f"{group_name}.{name}"] = {"dtype": dtype, "size": int(size)}
    return {"spec": spec.to_dict(), "inputs": inputs, "outputs": outputs}


def choose_device() -> str:
    """Return the dense device, or plain C++ standalone, with a warning, where Brian2 does not support it."""
    lacking = problems()
    if lacking:
        print(f"slower plain C++ code, since in this Brian2 {'; '.join(lacking)}", file=sys.stderr)
        return PLAIN
    from stdpnet.simulation.device.dense import NAME

    return NAME


if __name__ == "__main__":
    request, folder, *options = sys.argv[1:]
    try:
        compile_network(
            NetworkSpec.from_dict(json.loads(Path(request).read_text())),
            Path(folder).resolve(),
            PLAIN if options == ["--plain"] else choose_device(),
        )
    except StdpnetError as error:
        sys.exit(str(error))
    except Exception as error:
        sys.exit(root_cause(error))
