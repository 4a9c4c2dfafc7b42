"""Telephone calls before and beside their incident: states, where the phone says it is, links."""
