"""Units sent, their stamps and destinations."""
