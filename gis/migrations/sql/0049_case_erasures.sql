-- Hashes of persons: for who takes files in, who must not write them again, and who answers for
-- privacy. Only erasing writes them.
ALTER TABLE case_erasures ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_erasures_read ON case_erasures FOR SELECT USING (
    identity_may('privacy_admin', NULL) OR '' = ANY (identity_jurisdictions('cases_import')));

-- Who answers for privacy need not read cases: whose a case is, and erasing it, is all there is.
CREATE FUNCTION case_owner(of_case uuid) RETURNS TABLE (city_id bigint, area_code text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT v.city_id, v.owned_by_area FROM case_versions AS v
    WHERE v.case_id = of_case AND v.known_until IS NULL
      AND (v.owned_by_area IS NULL OR '' = ANY (identity_jurisdictions('privacy_admin'))
           OR v.owned_by_area IN (SELECT codes_within(identity_jurisdictions('privacy_admin'))))
      AND identity_may('privacy_admin', NULL)
$$;
GRANT EXECUTE ON FUNCTION case_owner(uuid) TO goldenhour_app;

-- Erases who a case is in all its versions, keeps that it was done, and returns how many values
-- there were. Of the person stays the keyed hash of the newest version that has one.
CREATE FUNCTION erase_case_person(of_case uuid, at timestamptz) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    erased integer := 0;
    emptied integer;
BEGIN
    IF NOT EXISTS (SELECT FROM case_owner(of_case)) THEN
        RETURN 0;
    END IF;
    INSERT INTO case_erasures (case_id, city_id, disease, day, person_key, person_digest, erased_at)
    SELECT v.case_id, v.city_id, v.disease, coalesce(v.onset_on, v.diagnosed_on, v.entered_on),
           v.person_key, v.person_digest, at
    FROM case_versions AS v WHERE v.case_id = of_case
    ORDER BY v.person_digest IS NULL, v.stated_at DESC LIMIT 1
    ON CONFLICT DO NOTHING;
    SELECT num_nonnulls(p.name, p.guardian, p.phone, p.address) INTO erased
    FROM case_persons AS p WHERE p.case_id = of_case;
    DELETE FROM case_persons WHERE case_id = of_case;
    UPDATE case_versions SET residence = NULL, person_key = NULL, person_digest = NULL,
        institution = NULL, institution_key = NULL, occupation = NULL, reporting_unit = NULL,
        deleted_reason = NULL, transferred_to = NULL
    WHERE case_id = of_case
      AND num_nonnulls(residence, person_key, person_digest, institution, institution_key,
                       occupation, reporting_unit, deleted_reason, transferred_to) > 0;
    GET DIAGNOSTICS emptied = ROW_COUNT;
    RETURN coalesce(erased, 0) + emptied;
END
$$;
GRANT EXECUTE ON FUNCTION erase_case_person(uuid, timestamptz) TO goldenhour_app;
