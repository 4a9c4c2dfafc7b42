"""The layers of this room, and what is made of every room's layers: the catalogue, exports."""
