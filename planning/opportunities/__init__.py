"""What people of a city reach of its hospitals' beds and emergency departments, shared fairly."""
