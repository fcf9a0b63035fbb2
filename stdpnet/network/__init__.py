"""The model: constants beside their equations, as Brian2 text; the last four files make Brian2 objects of it."""
