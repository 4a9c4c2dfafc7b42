"""Where data come from: parsers, validators, importers and city builders."""
