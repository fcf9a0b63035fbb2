"""Learning without labels: configuration, schedule, state, and the training."""
