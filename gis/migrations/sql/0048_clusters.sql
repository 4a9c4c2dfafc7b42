-- Whether an identity holds a permission in every one of some areas.
CREATE FUNCTION identity_reaches_all(permission text, area_codes text[]) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT '' = ANY (identity_jurisdictions(permission))
        OR area_codes <@ ARRAY(SELECT codes_within(identity_jurisdictions(permission)))
$$;

-- A cluster's numbers are of all its areas together: for whoever reads cases in every one of them;
-- those of a sensitive disease ask for its own permission besides. Only a run writes them.
ALTER TABLE clusters ENABLE ROW LEVEL SECURITY;
CREATE POLICY clusters_read ON clusters FOR SELECT USING (
    identity_reaches_all('cases_read', places)
    AND (sensitive = 'ordinary' OR identity_reaches_all('cases_sensitive', places)));
CREATE POLICY clusters_insert ON clusters FOR INSERT
    WITH CHECK (identity_reaches('cases_import', city_id, NULL));
CREATE POLICY clusters_update ON clusters FOR UPDATE
    USING (identity_reaches('cases_import', city_id, NULL));

-- That there is a cluster, in which districts and of which disease, for those who may see no number
-- of it: what they are told of the disease is its group (surveillance.cluster_runs.views). Sensitive
-- diseases are not in it.
CREATE FUNCTION cluster_outlines(run uuid)
    RETURNS TABLE (cluster_id uuid, disease text, districts text[], change text, first_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.cluster_id, c.disease, ARRAY(
        SELECT DISTINCT above.code FROM areas AS own
        JOIN areas AS above ON above.code = ANY (own.path) AND above.city_id = own.city_id
        WHERE own.city_id = c.city_id AND own.code = ANY (c.places) AND own.valid_to IS NULL
        AND above.level = 'district' AND above.valid_to IS NULL ORDER BY above.code
    ), c.change, c.first_on
    FROM clusters AS c
    WHERE c.run_id = run AND c.told AND c.sensitive = 'ordinary'
    AND identity_may('surveillance_read', NULL)
    ORDER BY c.recurrence_days DESC, c.cluster_id
$$;
GRANT EXECUTE ON FUNCTION cluster_outlines(uuid) TO goldenhour_app;
