"""What each vehicle may do and what it costs, by jurisdiction."""
