"""Doors of surveillance."""
