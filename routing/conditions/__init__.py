"""Closures, floods, works, speeds and permits, and what they do to leg times."""
