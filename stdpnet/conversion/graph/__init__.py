"""The analogue network as a graph of layers, and what it computes."""
