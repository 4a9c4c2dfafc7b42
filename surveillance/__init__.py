"""Case series, detectors and reproduction numbers; room for intake, disease maps and signals."""
