-- Small counts of ill people: for whoever reads cases in the area. Only the consumer writes them.
ALTER TABLE syndromic_calls ENABLE ROW LEVEL SECURITY;
CREATE POLICY syndromic_calls_read ON syndromic_calls FOR SELECT USING (
    identity_may('cases_read', NULL)
    AND (area_code IS NULL OR '' = ANY (identity_jurisdictions('cases_read'))
         OR area_code IN (SELECT codes_within(identity_jurisdictions('cases_read')))));
CREATE POLICY syndromic_calls_insert ON syndromic_calls FOR INSERT
    WITH CHECK ('' = ANY (identity_jurisdictions('cases_import')));
CREATE POLICY syndromic_calls_update ON syndromic_calls FOR UPDATE
    USING ('' = ANY (identity_jurisdictions('cases_import')));
