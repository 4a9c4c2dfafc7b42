"""OpenStreetMap read into roads, places, areas and facilities."""
