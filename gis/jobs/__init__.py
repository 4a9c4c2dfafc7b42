"""Jobs: whatever takes longer than a second, kept in the database until it is done."""
