"""Personal values end by themselves, or on demand; holds keep them for a time."""
