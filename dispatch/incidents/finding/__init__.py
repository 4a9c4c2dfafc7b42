"""Incidents that are found again, ended ones too."""
