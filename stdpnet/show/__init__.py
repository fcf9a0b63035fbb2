"""A local page that shows a model at work: draw an image, watch the network answer.

The server listens on this machine alone; what the browser gets is in the folder ``page``, without a build step.
"""
