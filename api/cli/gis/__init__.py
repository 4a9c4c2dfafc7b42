"""Commands of the room `gis`: the house itself."""
