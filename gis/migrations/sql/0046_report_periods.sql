-- The first day of any report of a city: from it on a day without a case is a zero. A reader of some
-- areas sees the cases of these alone, and would take days before the first of them for unreported.
CREATE FUNCTION cases_reported_since(city bigint) RETURNS date
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT min(coalesce(v.entered_on, v.diagnosed_on, v.onset_on))
    FROM case_versions AS v
    WHERE v.city_id = city AND identity_may('cases_read', NULL)
$$;
GRANT EXECUTE ON FUNCTION cases_reported_since(bigint) TO goldenhour_app;
