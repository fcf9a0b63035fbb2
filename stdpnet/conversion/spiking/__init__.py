"""Integrate-and-fire neurons, input encodings, gates and readouts in place of the layers of an analogue network."""
