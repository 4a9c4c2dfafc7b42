"""How many calls to expect: by hour of the week, ahead by day and hour, and over the cells."""
