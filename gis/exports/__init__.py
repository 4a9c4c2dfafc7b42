"""What leaves the house as a file is on record, and about persons only with a second person."""
