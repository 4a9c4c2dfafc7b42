"""Weekly and monthly bulletins: what was reported, beside the period before and last year."""
