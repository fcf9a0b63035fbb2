"""Integrate-and-fire neurons, input encodings, gates and read-outs in place of the layers of an analogue network."""
