"""Pure kernels that several rooms share: numbers in, numbers out; no database, clock or network."""
