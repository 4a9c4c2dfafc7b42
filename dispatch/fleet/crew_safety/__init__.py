"""Whether crews are safe: distress, welfare, and which unit an account speaks for."""
