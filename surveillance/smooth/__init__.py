"""Rates of areas that lean on one another, and how surely a risk is raised."""
