"""How long what is kept of incidents is kept."""
