"""Convert trained convolutional networks into spiking networks, and simulate them.

The way through the package: an importer turns a model into a `Graph` of layers; `convert` folds and normalises
it by the passes, with scales from `thresholds`, and replaces its ReLUs by the integrate-and-fire neurons of
`spiking`; a simulator runs it, the report tells what it costs. `ann` trains networks to convert.

Examples
--------
>>> import numpy as np
>>> from sklearn.neural_network import MLPClassifier
>>> from stdpnet.conversion.convert import convert
>>> from stdpnet.conversion.importers import import_model
>>> from stdpnet.conversion.simulators import simulate
>>> images, labels = np.eye(3).repeat(5, axis=0), np.arange(3).repeat(5)
>>> model = MLPClassifier((8,), solver="lbfgs", max_iter=200, random_state=0).fit(images, labels)
>>> network = convert(import_model(model), images)
>>> result = simulate(network, images, steps=32)
>>> float(np.mean(result.predictions[:, -1] == model.predict(images)))
1.0
"""
