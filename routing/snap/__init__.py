"""The place on a road that belongs to a point."""
