"""Stored cases counted into series: by which date, which place, and as known on which day."""
