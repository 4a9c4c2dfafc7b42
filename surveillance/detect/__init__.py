"""What is unusual in a series of counts: one contract for every detector."""
