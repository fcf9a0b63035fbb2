"""Looking inside a run: recordings of presentations, snapshots of a training."""
