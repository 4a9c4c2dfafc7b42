"""Doors of sessions and health."""
