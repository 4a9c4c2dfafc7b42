"""Diseases that are reported: names, codes, the law of each day, and how sensitive they are."""
