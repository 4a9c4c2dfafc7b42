"""Graphs to and from networkx, osmnx and GraphML."""
