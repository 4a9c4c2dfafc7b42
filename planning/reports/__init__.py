"""What a study found, as a report: figures, convergence, maps, and what the numbers do not say."""
