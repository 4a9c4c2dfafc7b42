"""Commands of the room `surveillance`."""
