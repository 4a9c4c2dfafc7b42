"""What was known at any second, rebuilt from the events of the log."""
