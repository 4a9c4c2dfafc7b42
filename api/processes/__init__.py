"""Server, worker and their supervisor."""
