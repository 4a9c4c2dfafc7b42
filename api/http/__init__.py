"""What every door shares: answers, errors, identity, idempotency."""
