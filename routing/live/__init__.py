"""The roads of a city as a process holds them: loaded, followed, asked."""
