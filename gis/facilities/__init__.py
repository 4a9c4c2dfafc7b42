"""Facilities, what registers say of them, their kinds and capabilities: the one writer of these."""
