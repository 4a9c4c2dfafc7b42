"""Reported cases as they are stored: every version of every report, and what was known when."""
