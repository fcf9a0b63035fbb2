"""Trainings with labels."""
