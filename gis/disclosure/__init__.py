"""Counts of people as they are published: decided once per release, stored, and kept."""
