"""What a detector reads: counts by series and period, and the weeks that number them."""
