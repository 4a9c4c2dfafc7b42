"""Incidents that leave the house as a file."""
