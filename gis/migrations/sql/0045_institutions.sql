-- What a name is, is said by who reads cases; nothing that was said is ever changed.
ALTER TABLE institution_names ENABLE ROW LEVEL SECURITY;
CREATE POLICY institution_names_read ON institution_names FOR SELECT
    USING (identity_may('cases_read', NULL));
CREATE POLICY institution_names_insert ON institution_names FOR INSERT
    WITH CHECK ((SELECT '' = ANY (identity_jurisdictions('cases_read'))));
