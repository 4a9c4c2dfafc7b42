"""Disease maps: counts, rates, smoothed risks and their certainty, by area and period."""
