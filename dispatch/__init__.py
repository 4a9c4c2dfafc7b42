"""From the call to the hospital: place, triage, recommendation, assignment, destination."""
