"""Predicted arrivals and what came of them."""
