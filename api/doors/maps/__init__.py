"""Doors of the pages and their tiles."""
