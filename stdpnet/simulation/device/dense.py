"""The device: Brian2's C++ standalone mode with templates of our own where a projection allows it.

Brian2's equations and code generation are unchanged; only the loops around the generated
statements differ. A projection made with a plain ``connect()`` is all-to-all: its synapses
are the rows of a matrix, so index arrays and spike queues are not needed. The statements are
executed for the same synapses in the same order as Brian2 does, so weights are equal to the
bit; only powers, which some rules have, differ by rounding, since they are computed in place
(``templates/narrow.cpp``). Potentials differ by rounding, since state updates stay in single
precision. Whatever is not recognised keeps Brian2's own templates.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from brian2.core.variables import ArrayVariable
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice
from brian2.devices.device import all_devices
from brian2.groups.subgroup import Subgroup
from brian2.synapses.synapses import SynapticPathway

from stdpnet.simulation.device import generated, operations, sharing
from stdpnet.simulation.standalone import THREADS

#: The name for `brian2.set_device`.
NAME = "stdpnet_dense"

#: Functions of generated code that the templates call.
FILTERS = (
    *(generated.at_rest, generated.exp_in_place, generated.independent, generated.once),
    *(generated.single_precision, generated.without_functions, generated.without_indices, generated.writes_source),
)


class DenseCodeObject(CPPStandaloneCodeObject):
    """A C++ code object with this package's templates before Brian2's."""

    templater = CPPStandaloneCodeObject.templater.derive(
        "stdpnet.simulation.device",
        env_globals={filter_.__name__: filter_ for filter_ in FILTERS}
        | {"blocks_fewer": sharing.BLOCKS_FEWER, "most_threads": sharing.MOST_THREADS, "threads_variable": THREADS},
    )


class DenseDevice(CPPStandaloneDevice):
    """C++ standalone mode with dense projections."""

    def __init__(self) -> None:
        super().__init__()
        self._forget()

    def reinit(self) -> None:
        """Forget everything, as Brian2 does before a new build."""
        super().reinit()
        self._forget()

    def _forget(self) -> None:
        self.created: set[str] = set()  # names of Synapses that have been connected
        self.dense: set[str] = set()  # names of those that are all-to-all, by one plain connect()
        self.sources: set[str] = set()  # names of the groups from which shared ones start
        self.without_delay: set[Any] = set()  # delay variables of pathways that are 0 as a whole
        self.owners: dict[str, set[str]] = {}  # of each code object, the groups whose neurons it is dealt out by

    def fill_with_array(self, var: Any, arr: np.ndarray) -> None:
        """Note which pathways have no delay, as Brian2 sets their variables."""
        super().fill_with_array(var, arr)
        if var.name.endswith("delay") and var.scalar:
            (self.without_delay.discard if np.any(arr) else self.without_delay.add)(var)

    def code_object_class(self, codeobj_class: type | None = None, fallback_pref: Any = None) -> type:
        """Return the class of code objects: ours by default."""
        return DenseCodeObject if codeobj_class is None else codeobj_class

    def code_object(  # numpydoc ignore=PR01
        self,
        owner: Any,
        name: str,
        abstract_code: Any,
        variables: Any,
        template_name: str,
        variable_indices: Any,
        **options: Any,
    ) -> Any:
        """Generate code with the template that fits the projection.

        The arguments are those of Brian2's own devices: only `template_name` and the option ``template_kwds`` change.

        Returns
        -------
        DenseCodeObject
        """
        template_kwds = dict(options.pop("template_kwds", None) or {})
        owners = {owner.name}
        if template_name.startswith("synapses_create"):
            first = owner.name not in self.created
            self.created.add(owner.name)
            self.dense.discard(owner.name)
            if first and template_name.endswith("generator") and all_to_all(abstract_code, template_kwds, owner):
                self.dense.add(owner.name)
                if len(owner.target) > sharing.BLOCK:
                    self.sources.add(owner.source.name)
                template_name = "dense_create"
        elif template_name in ("synapses", "synapses_push_spikes"):
            pathway = owner if isinstance(owner, SynapticPathway) else template_kwds["pathway"]
            kind = self.walk(pathway)
            if kind and template_name == "synapses_push_spikes":
                template_name = "no_queue"
            elif kind:
                template_name = kind
                template_kwds |= self.layout(pathway, kind)
                owners = {pathway.synapses.name, pathway.synapses.target.name}
        elif template_name in ("stateupdate", "threshold"):
            if template_name == "stateupdate":
                template_kwds["constant_arrays"] = self.constant_arrays(variables)
            # the spikes of a source of rows go to all threads: one has them ready
            template_kwds["may_share"] = len(owner) > sharing.BLOCK and owner.name not in self.sources
        made = super().code_object(
            owner,
            name,
            abstract_code,
            variables,
            template_name,
            variable_indices,
            template_kwds=template_kwds,
            **options,
        )
        self.owners[made.name] = owners
        return made

    def generate_main_source(self, writer: Any) -> None:
        """Write the main program, with what threads share and where they wait in the list of operations."""
        for kind, content in self.main_queue:
            if kind == "run_network":
                network, lines = content
                lines[:] = self.shared_lines(network.name, lines)
        super().generate_main_source(writer)

    def shared_lines(self, network: str, lines: list[str]) -> list[str]:
        """Return the lines of a run, where those that add code objects say what threads share."""
        found = [re.fullmatch(rf"{network}\.add\(&(\w+), _run_(\w+)\);", line) for line in lines]
        added = [match for match in found if match]
        if not added:
            return lines
        codes = {match[2]: self.code_objects[match[2]].code.cpp_file for match in added}
        changing = operations.changing_arrays(self.arrays, codes.values())
        events = {array: variable.size - 1 for array, variable in changing.items() if operations.holds_events(variable)}
        steps = []
        for name, code in codes.items():
            owned = {array: operations.owned(variable, self.owners[name]) for array, variable in changing.items()}
            steps.append(operations.operation(name, code, owned))
        made = sharing.added(network, added[0][1], sharing.with_gathering(steps, events))
        first = found.index(added[0])
        rest = [line for line, match in zip(lines[first:], found[first:], strict=True) if not match]
        return [*lines[:first], *made, *rest]

    def constant_arrays(self, variables: Mapping[str, Any]) -> set[str]:
        """Return how generated code names the arrays among the variables that do not change in a run."""
        arrays = [variable for variable in variables.values() if isinstance(variable, ArrayVariable)]
        return {f"_ptr{self.get_array_name(variable)}" for variable in arrays if variable.constant}

    def layout(self, pathway: SynapticPathway, template: str) -> dict[str, Any]:
        """Return what a template needs to know of a pathway: sizes, and the names of C++ arrays."""
        synapses = pathway.synapses
        by_target = template != "direct" and synapses.source.name != synapses.target.name
        n_pre, n_post = len(synapses.source), len(synapses.target)
        return {
            "n_pre": n_pre,
            "n_post": n_post,
            "n_spiking": n_pre if pathway.prepost == "pre" else n_post,
            "column_type": "uint16_t" if n_post <= 2**16 else "int32_t",
            "events": self.get_array_name(pathway.source.variables[pathway.eventspace_name]),
            "delays": self.get_array_name(pathway._delays, access_data=False),
            "spiking_of_synapse": self.get_array_name(pathway.synapse_sources, access_data=False),
            "may_share": n_post > sharing.BLOCK and by_target,
            "dt": repr(float(pathway.source.clock.dt_)),
            "idle_without": [
                self.get_array_name(synapses.target.variables[name]) for name in getattr(pathway, "idle_without", ())
            ],
        }

    def walk(self, pathway: SynapticPathway) -> str | None:
        """Return the template that delivers a pathway's spikes without a queue, or None."""
        synapses, delay = pathway.synapses, pathway._delays
        if isinstance(pathway.source, Subgroup):
            return None
        if delay in self.without_delay:
            if synapses.name not in self.dense:
                return "direct"
            return "rows" if pathway.prepost == "pre" else "columns"
        if synapses.name in self.dense and pathway.prepost == "pre":
            return "delayed_rows"
        return None


def all_to_all(abstract_code: Mapping[str, str], template_kwds: Mapping[str, Any], synapses: Any) -> bool:
    """Tell whether a generator expression connects every source with every target, once.

    Parameters
    ----------
    abstract_code : dict of str to str
        Of the code object that creates the synapses, by block.
    template_kwds : dict
        What Brian2 hands to its template.
    synapses : brian2.Synapses
    """
    return (
        template_kwds["iterator_func"] == "range"
        and template_kwds["iterator_kwds"] == {"low": "0", "high": "N_post", "step": "1"}
        and template_kwds["element"] == template_kwds["inner_variable"]
        and template_kwds["outer_index"] == "i"
        and template_kwds["if_expression"] == "True"
        and abstract_code["update"].endswith("_n = 1\n")
        and synapses.multisynaptic_index is None
        and not isinstance(synapses.source, Subgroup)
        and not isinstance(synapses.target, Subgroup)
    )


all_devices[NAME] = DenseDevice()
