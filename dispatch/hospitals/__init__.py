"""What hospitals report about themselves."""
