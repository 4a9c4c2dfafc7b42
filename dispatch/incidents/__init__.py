"""Incidents, their calls and patients: taken, located, coded, closed."""
