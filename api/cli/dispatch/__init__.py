"""Commands of the room `dispatch`."""
