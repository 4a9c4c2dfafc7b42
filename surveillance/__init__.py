"""Room for case intake, detectors, disease maps and signals. Nothing stands here yet."""
