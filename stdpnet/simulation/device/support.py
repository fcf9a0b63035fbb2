"""Whether this Brian2 has what the dense device leans on."""

import inspect

from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice
from brian2.synapses.synapses import SynapticPathway

#: Templates that ours stand in for, or build upon.
TEMPLATES = (
    *("common_group", "common_synapses", "network", "stateupdate", "synapses"),
    *("synapses_create_generator", "synapses_push_spikes", "threshold"),
)


def problems() -> list[str]:
    """Return what this Brian2 lacks for the dense device, a line each; an empty list when it has everything.

    The device relies on Brian2's documented extension point, a subclass of the C++ standalone
    device, but also on names inside of it that a later version may change.
    """
    found = []
    if not hasattr(CPPStandaloneCodeObject.templater, "derive"):
        found.append("templates cannot be derived (Templater.derive is missing)")
    for template in TEMPLATES:
        try:
            getattr(CPPStandaloneCodeObject.templater, template)
        except (KeyError, AttributeError):
            found.append(f"the template {template!r} is missing")
    for method in ("code_object", "code_object_class", "fill_with_array", "get_array_name", "reinit"):
        if not hasattr(CPPStandaloneDevice, method):
            found.append(f"CPPStandaloneDevice.{method} is missing")
    expected = ["self", "owner", "name", "abstract_code", "variables", "template_name", "variable_indices"]
    if list(inspect.signature(CPPStandaloneDevice.code_object).parameters)[:7] != expected:
        found.append("CPPStandaloneDevice.code_object takes other arguments")
    source = inspect.getsource(SynapticPathway)
    for name in ("_delays", "eventspace_name", "synapse_sources", "prepost"):
        if name not in source:
            found.append(f"SynapticPathway.{name} is missing")
    return found
