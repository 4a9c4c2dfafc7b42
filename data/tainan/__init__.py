"""Tainan and its dengue outbreak of 2015: the cases are real, the areas modelled."""
