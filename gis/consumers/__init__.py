"""Rooms that act on one another's events, each at its own pace and without an import."""
