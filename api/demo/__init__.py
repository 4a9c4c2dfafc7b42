"""The simulated city driven from outside."""
