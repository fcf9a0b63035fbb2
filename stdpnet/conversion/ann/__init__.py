"""Supervised training of the networks that are converted. All but `config` needs PyTorch."""
