"""Controls and sites of the simulated city."""
