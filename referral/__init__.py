"""Room for capacity boards and two-way referral. Nothing stands here yet."""
