"""The five-minute circle of social first aid: whom a volunteer or a defibrillator reaches."""
