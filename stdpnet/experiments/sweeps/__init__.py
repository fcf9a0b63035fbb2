"""Many runs side by side: sweeps, calibrations, and finding them again."""
