"""The network as Brian2 text and objects: neurons, noise, protocol, synapses, and their assembly."""
