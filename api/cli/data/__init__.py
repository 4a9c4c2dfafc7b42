"""Commands of the room `data`."""
