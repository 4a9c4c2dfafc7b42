"""What an operator does: backup, accounts, cities, reading the log."""
