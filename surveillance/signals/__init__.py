"""What is unusual today: all detectors over all series at once, weighed, told within a budget."""
