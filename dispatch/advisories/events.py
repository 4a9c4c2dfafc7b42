"""Which events of other rooms post an advisory."""

POSTED_BY = ("signal.advised",)
"""Each says `what` and `place` in words, `cases` (or null), and the days `since` and `until`."""
