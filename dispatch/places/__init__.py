"""The offline gazetteer."""
