"""Cardiac arrest in one action: crews, defibrillator carriers, volunteers, fetched AEDs."""
