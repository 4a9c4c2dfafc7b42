UPDATE aeds SET last_checked_at = s.last_checked_at
FROM aed_states AS s WHERE s.aed_id = aeds.aed_id;
