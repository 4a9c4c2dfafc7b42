"""Road speeds learned at night from the units' own drives."""
