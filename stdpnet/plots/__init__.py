"""Figures: functions that take data and ``ax`` and return ``ax``. Here those of one run, beside it those of many."""
