"""What stations, vehicles and crews cost: prices as data, and sums over years."""
