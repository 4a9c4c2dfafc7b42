"""Kulldorff's scan statistics: where and when cases are too many or too few, and how surely.

Pure: arrays in, arrays out. `statistic.scan` is the way in.
"""
