"""Who read personal values and who broke the glass, looked at by somebody else."""
