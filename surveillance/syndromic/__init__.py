"""Ambulance calls as streams of syndromes: what is coded counts within a minute."""
