"""Hospital status, bed pools and promises of beds: the one writer of these tables."""
