"""Routes, the nearest, matrices: by plain search and by the hierarchy."""
