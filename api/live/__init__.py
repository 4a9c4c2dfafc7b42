"""The live stream of events and positions."""
