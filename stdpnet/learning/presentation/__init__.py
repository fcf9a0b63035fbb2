"""Images shown to a network: a batch while it learns, or to a frozen one; who spiked when."""
