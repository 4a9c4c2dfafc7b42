"""More demand than fleet: a supervisor says so, with a reason, and ends it."""
