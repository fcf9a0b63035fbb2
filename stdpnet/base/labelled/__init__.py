"""What the networks that learn with labels share, converted ones and those trained as they are."""
