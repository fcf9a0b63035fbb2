"""Training of the analogue networks that are converted, with labels. All of it needs PyTorch."""
