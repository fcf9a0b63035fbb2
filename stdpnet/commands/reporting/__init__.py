"""The report of a run: one page of HTML, in which a reader finds everything without stdpnet and without a network."""
