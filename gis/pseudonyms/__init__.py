"""Keyed hashes of persons, one key a purpose, and the links made between them by break-glass."""
