"""Calls that are about one thing: hints, links, merges."""
