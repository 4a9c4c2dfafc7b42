"""What sounds at a desk: its table, and what is stored of it."""
