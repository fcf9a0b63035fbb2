"""Figures: functions that take data and ``ax`` and return ``ax``, and the scripts' common command line."""
