"""Schools and worksites: which written names are one, and what cases each has."""
