"""Commands of the room `routing`."""
