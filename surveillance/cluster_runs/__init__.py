"""Clusters of a day: where and since when cases are too many, followed from one run to the next."""
