"""Importers of AEDs, facilities, stations and population."""
