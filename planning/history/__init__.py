"""Calls and unit responses of earlier times: stored, measured, and set beside modelled times."""
