"""HTTP doors, a package for each room."""
