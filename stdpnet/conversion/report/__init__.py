"""What a simulation shows: accuracy after every step, operations, energy, rates. Plain data for JSON."""
