"""What can be reached within a time, as polygons and counts."""
