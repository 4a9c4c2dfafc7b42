"""Who else has an incident open."""
