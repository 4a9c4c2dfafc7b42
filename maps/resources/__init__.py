"""What a city has for emergencies, by district and per person: counted, and written as a report."""
