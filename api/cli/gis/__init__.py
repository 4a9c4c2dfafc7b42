"""Commands of the spatial core."""
