"""Inspections as dated points: breeding places of mosquitoes, outcomes; indices of areas."""
