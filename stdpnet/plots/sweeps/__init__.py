"""Figures that compare many runs."""
