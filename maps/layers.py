"""The one catalogue of map layers: what the rooms of this process declare."""

from gis.rooms.house import current_house

LAYERS = current_house().layers
"""Layers by name, in the order of their rooms."""
