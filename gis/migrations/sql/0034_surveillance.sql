-- A version is readable to who reads cases where the person lives, where it was reported or where
-- the infection was caught; a sensitive one asks for its own permission besides. Whoever imports
-- changes versions of the whole city: the job does it as the system.
ALTER TABLE case_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_versions_read ON case_versions FOR SELECT USING (
    identity_may('cases_read', NULL)
    AND (sensitive = 'ordinary' OR identity_may('cases_sensitive', NULL))
    AND ('' = ANY (identity_jurisdictions('cases_read'))
         OR owned_by_area IS NULL
         OR owned_by_area IN (SELECT codes_within(identity_jurisdictions('cases_read')))
         OR reporting_area IN (SELECT codes_within(identity_jurisdictions('cases_read')))
         OR exposure_area IN (SELECT codes_within(identity_jurisdictions('cases_read'))))
    AND (sensitive = 'ordinary' OR '' = ANY (identity_jurisdictions('cases_sensitive'))
         OR owned_by_area IS NULL
         OR owned_by_area IN (SELECT codes_within(identity_jurisdictions('cases_sensitive')))));
CREATE POLICY case_versions_insert ON case_versions FOR INSERT
    WITH CHECK ('' = ANY (identity_jurisdictions('cases_import')));
CREATE POLICY case_versions_update ON case_versions FOR UPDATE
    USING ('' = ANY (identity_jurisdictions('cases_import')));

-- Who somebody is, is read on the case's card by who works in the area that owns the case, and by
-- who answers for privacy.
ALTER TABLE case_persons ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_persons_read ON case_persons FOR SELECT USING (
    identity_may('privacy_admin', NULL)
    OR EXISTS (
        SELECT 1 FROM case_versions AS v
        WHERE v.case_id = case_persons.case_id AND v.known_until IS NULL
        AND (v.owned_by_area IS NULL OR '' = ANY (identity_jurisdictions('cases_read'))
             OR v.owned_by_area IN (SELECT codes_within(identity_jurisdictions('cases_read'))))));
CREATE POLICY case_persons_insert ON case_persons FOR INSERT
    WITH CHECK ('' = ANY (identity_jurisdictions('cases_import')));
CREATE POLICY case_persons_update ON case_persons FOR UPDATE
    USING ('' = ANY (identity_jurisdictions('cases_import')));
CREATE POLICY case_persons_delete ON case_persons FOR DELETE
    USING (identity_may('privacy_admin', NULL)
           OR '' = ANY (identity_jurisdictions('cases_import')));

-- Rejected rows hold what the file held of persons.
ALTER TABLE case_rejects ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_rejects_all ON case_rejects USING (
    '' = ANY (identity_jurisdictions('cases_import')));

ALTER TABLE case_counts ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_counts_read ON case_counts FOR SELECT USING (
    identity_may('cases_read', NULL)
    AND (area_code IS NULL OR '' = ANY (identity_jurisdictions('cases_read'))
         OR area_code IN (SELECT codes_within(identity_jurisdictions('cases_read')))));
CREATE POLICY case_counts_insert ON case_counts FOR INSERT
    WITH CHECK ('' = ANY (identity_jurisdictions('cases_import')));
CREATE POLICY case_counts_update ON case_counts FOR UPDATE
    USING ('' = ANY (identity_jurisdictions('cases_import')));
