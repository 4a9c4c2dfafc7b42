"""A path put into steps and words."""
