"""What a spike in every step stands for: scales of the activations, from the weights or from images."""
