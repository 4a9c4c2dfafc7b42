"""Segments, restrictions and results: the words of the room."""
