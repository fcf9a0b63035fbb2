"""Learning by backpropagation through the filtered spikes of a spiking network. Needs PyTorch.

Lee, Delbruck & Pfeiffer 2016, doi:10.3389/fnins.2016.00508. Equation numbers are those of the paper.
"""
