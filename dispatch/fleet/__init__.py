"""Units, shifts, crews and positions."""
