-- The same rights as before; a subquery without a row of its own is asked once a statement.
ALTER POLICY case_versions_read ON case_versions USING (
    (SELECT identity_may('cases_read', NULL))
    AND (sensitive = 'ordinary' OR (SELECT identity_may('cases_sensitive', NULL)))
    AND ((SELECT '' = ANY (identity_jurisdictions('cases_read')))
         OR owned_by_area IS NULL
         OR owned_by_area IN (SELECT codes_within(identity_jurisdictions('cases_read')))
         OR reporting_area IN (SELECT codes_within(identity_jurisdictions('cases_read')))
         OR exposure_area IN (SELECT codes_within(identity_jurisdictions('cases_read'))))
    AND (sensitive = 'ordinary'
         OR (SELECT '' = ANY (identity_jurisdictions('cases_sensitive')))
         OR owned_by_area IS NULL
         OR owned_by_area IN (SELECT codes_within(identity_jurisdictions('cases_sensitive')))));
ALTER POLICY case_versions_insert ON case_versions
    WITH CHECK ((SELECT '' = ANY (identity_jurisdictions('cases_import'))));
ALTER POLICY case_persons_read ON case_persons USING (
    (SELECT identity_may('privacy_admin', NULL))
    OR EXISTS (
        SELECT 1 FROM case_versions AS v
        WHERE v.case_id = case_persons.case_id AND v.known_until IS NULL
        AND (v.owned_by_area IS NULL
             OR (SELECT '' = ANY (identity_jurisdictions('cases_read')))
             OR v.owned_by_area IN (SELECT codes_within(identity_jurisdictions('cases_read'))))));
ALTER POLICY case_persons_insert ON case_persons
    WITH CHECK ((SELECT '' = ANY (identity_jurisdictions('cases_import'))));
