"""Figures of converted networks."""
