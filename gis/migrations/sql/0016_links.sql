-- A link is written once; the application adds a review and nothing else.
REVOKE UPDATE, DELETE, TRUNCATE ON identity_links FROM goldenhour_app;
GRANT UPDATE (reviewed_at, reviewed_by) ON identity_links TO goldenhour_app;

INSERT INTO aed_states (aed_id, last_checked_at)
SELECT aed_id, last_checked_at FROM aeds WHERE last_checked_at IS NOT NULL;
