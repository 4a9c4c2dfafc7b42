"""Moving free units to where they will be missed: plans, decisions, what came of them."""
