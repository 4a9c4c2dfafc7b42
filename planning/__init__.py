"""Room for planners: minutes by road now; studies of coverage and siting come later."""
