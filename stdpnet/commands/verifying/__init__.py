"""Printed figures: read from the texts and compared with the files behind them, and run again."""
