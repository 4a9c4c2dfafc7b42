"""Traces of positions laid on the roads that were driven."""
