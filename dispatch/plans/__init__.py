"""What an incident asks for, and what of it is missing."""
