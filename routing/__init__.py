"""Travel time on roads: profiles, the directed graph, search, routes."""
