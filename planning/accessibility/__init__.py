"""How well people reach what they need: catchments that float, and how unevenly it is shared.

Pure functions on one sparse matrix of travel times; many kinds of opportunities at once.
"""
