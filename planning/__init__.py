"""Room for coverage studies, siting and fleet simulation. Nothing stands here yet."""
