"""Vehicle positions as trackers send them: read, judged, stored; what they suggest."""
