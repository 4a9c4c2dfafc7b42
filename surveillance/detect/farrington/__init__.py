"""Farrington's method: which weeks are compared, the regression, the thresholds."""
