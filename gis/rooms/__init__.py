"""What a room says of itself, and the house that all rooms together make."""
