"""Whether cases near in place are near in time as well: signs of passing from one to another."""
