"""Simulators of spiking networks: batched in PyTorch, and in Brian2. Import the one you need."""
