"""How well detectors and zones find outbreaks that were put into series and maps."""
