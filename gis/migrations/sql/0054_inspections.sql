-- A dwelling that was inspected is for who reads cases there; who imports changes a whole city.
ALTER TABLE inspections ENABLE ROW LEVEL SECURITY;
CREATE POLICY inspections_read ON inspections FOR SELECT USING (
    (SELECT identity_may('cases_read', NULL))
    AND ((SELECT '' = ANY (identity_jurisdictions('cases_read')))
         OR area_code IN (SELECT codes_within(identity_jurisdictions('cases_read')))));
CREATE POLICY inspections_insert ON inspections FOR INSERT
    WITH CHECK ((SELECT '' = ANY (identity_jurisdictions('cases_import'))));
CREATE POLICY inspections_update ON inspections FOR UPDATE
    USING ((SELECT '' = ANY (identity_jurisdictions('cases_import'))));
CREATE POLICY inspections_delete ON inspections FOR DELETE
    USING ((SELECT '' = ANY (identity_jurisdictions('cases_import'))));
