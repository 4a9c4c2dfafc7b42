"""Which unit goes and which hospital receives."""
