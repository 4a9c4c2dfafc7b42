"""How long help takes by road to where people live, and how long they take to it, now."""
