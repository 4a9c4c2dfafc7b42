"""The nearest defibrillators that are open now."""
