"""Coverage as it is now: whom the free units reach, what sending one costs, where voids open."""
