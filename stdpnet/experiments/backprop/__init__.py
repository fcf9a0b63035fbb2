"""Training of a spiking network with labels, into its folder."""
