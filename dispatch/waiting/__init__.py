"""Who waits for help: deadlines of call-backs and of crews that have not answered."""
