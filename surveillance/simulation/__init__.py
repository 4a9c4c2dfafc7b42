"""Cases that never were: seasonal diseases of a city, and outbreaks whose truth is known."""
