"""Reproduction numbers: how many each case infects, at a time or by case."""
