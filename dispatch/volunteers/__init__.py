"""Volunteers: who they are, their alerts, their latest position."""
