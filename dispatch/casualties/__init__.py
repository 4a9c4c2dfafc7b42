"""Mass casualties: patients sorted by colour, hospitals shared among them, sectors and help."""
