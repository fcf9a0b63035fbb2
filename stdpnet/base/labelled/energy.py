"""Operations, and their energy under two published models.

The models leave out memory and communication, which cost more on most hardware.
"""

#: Single-precision multiply-accumulate and addition in 45 nm: 3.7 pJ + 0.9 pJ, and 0.9 pJ.
#: Horowitz 2014, doi:10.1109/ISSCC.2014.6757323, Fig. 1.1.9.
MAC_PJ, ADDITION_PJ = 4.6, 0.9
#: Operation of synapse and update of a neuron on neuromorphic hardware, in the energy of a floating-point operation.
#: Hunsberger & Eliasmith 2016, arXiv:1611.05141.
SYNAPTIC_FLOP, UPDATE_FLOP = 0.08, 0.25

#: Operations of a multiply-accumulate.
MAC = 2


def operations(costs: dict[str, int]) -> int:
    """Return the number of operations of ``macs`` and ``bias_additions``."""
    return MAC * costs["macs"] + costs["bias_additions"]


def energy(
    analogue: dict[str, int], once: dict[str, int], additions: float, synaptic: float, updates: float
) -> dict[str, dict[str, float]]:
    """Return the energy of both networks for one image.

    Parameters
    ----------
    analogue, once : dict
        ``macs`` and ``bias_additions`` of the analogue network, and of the spiking one's first layer.
    additions : float
        All additions of the spiking network.
    synaptic : float
        Those among them that spikes cause.
    updates : float
        Neurons times steps.

    Returns
    -------
    dict
        In picojoules, and in floating-point operations; each with the spiking network's part of the analogue one's.
    """
    joules = {
        "analogue": MAC_PJ * analogue["macs"] + ADDITION_PJ * analogue["bias_additions"],
        "spiking": MAC_PJ * once["macs"] + ADDITION_PJ * (once["bias_additions"] + additions),
    }
    flops = {
        "analogue": operations(analogue),
        "spiking": operations(once) + SYNAPTIC_FLOP * synaptic + UPDATE_FLOP * updates,
    }
    return {
        "45_nm_pJ": joules | _ratio(joules) | {"per_mac": MAC_PJ, "per_addition": ADDITION_PJ},
        "neuromorphic_flop": flops
        | _ratio(flops)
        | {"per_synaptic_operation": SYNAPTIC_FLOP, "per_update": UPDATE_FLOP},
    }


def _ratio(parts):
    return {"spiking_over_analogue": parts["spiking"] / parts["analogue"]}
