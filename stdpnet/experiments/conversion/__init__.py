"""One conversion, simulated on test images, into its folder."""
