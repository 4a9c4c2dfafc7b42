"""Files of cases and counts taken in: columns found, words understood, places and persons known."""
