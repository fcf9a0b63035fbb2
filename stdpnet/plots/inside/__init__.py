"""Figures that look inside: one presentation, the course of a training, rules, responses."""
