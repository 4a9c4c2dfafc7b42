"""Raw segments made into graphs of chains with times and turn costs."""
