"""Doors of dispatch."""
