"""The protocol and the coding of what a caller says."""
