"""Studies: a question with all that went into it, its answer with a bound, kept and comparable."""
