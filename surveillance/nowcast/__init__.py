"""Late reports: how late they are, and how many are still to come."""
