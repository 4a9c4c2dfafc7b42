"""Side-by-side measurements. Each module runs by itself: ./run bench NAME."""
