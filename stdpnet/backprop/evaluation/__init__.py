"""What a trained network answers, and what that costs."""
