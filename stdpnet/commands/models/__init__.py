"""Commands for a model in one file: made from a run, asked about pictures."""
