"""How long help took: intervals between stamps, judged by a profile of standards."""
