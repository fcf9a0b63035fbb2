"""The only room that writes folders: runs, sweeps, calibrations, conversions."""
