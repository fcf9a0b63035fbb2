"""Convert trained convolutional networks into spiking networks, and simulate them.

The way through the package: an importer turns a model into a `Graph` of layers, the passes
fold and normalise it, `spiking` replaces its ReLUs by integrate-and-fire neurons, a
simulator runs it, the report tells what it costs.
"""
