"""Which areas stand out among their neighbours, and which cases lie together in place and time."""
