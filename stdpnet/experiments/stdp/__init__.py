"""One run of unsupervised learning: training and evaluation into its folder."""
