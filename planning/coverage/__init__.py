"""Who is covered within which standard, by how many units, how surely, and what a change does."""
