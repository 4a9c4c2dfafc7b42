-- What areas counted until now is resident population of all ages, of a day nobody noted.
INSERT INTO populations (area_id, source, persons)
SELECT area_id, source, population FROM areas WHERE population IS NOT NULL;

CREATE FUNCTION area_residents(area bigint) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT round(persons)::bigint FROM public.populations
    WHERE area_id = area AND sex = 'all' AND age_from = 0 AND age_below IS NULL
      AND base = 'resident'
    ORDER BY counted_on DESC NULLS LAST, population_id DESC LIMIT 1
$$;

CREATE FUNCTION check_successor_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(share) FROM public.area_successors WHERE area_id = NEW.area_id) > 1 + 1e-9 THEN
        RAISE EXCEPTION 'an area passes on more than itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'area_successors_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER area_successors_whole AFTER INSERT OR UPDATE ON area_successors
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_successor_shares();

CREATE TABLE indicator_values_default PARTITION OF indicator_values DEFAULT;

CREATE FUNCTION keep_latest_indicator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.indicator_latest AS kept (indicator, subject_kind, subject_id, source,
        period_from, period_until, as_of, value, n, unit)
    VALUES (NEW.indicator, NEW.subject_kind, NEW.subject_id, NEW.source, NEW.period_from,
        NEW.period_until, NEW.as_of, NEW.value, NEW.n, NEW.unit)
    ON CONFLICT (indicator, subject_kind, subject_id, source) DO UPDATE SET
        period_from = EXCLUDED.period_from, period_until = EXCLUDED.period_until,
        as_of = EXCLUDED.as_of, value = EXCLUDED.value, n = EXCLUDED.n, unit = EXCLUDED.unit
    WHERE (kept.period_until, kept.as_of) <= (EXCLUDED.period_until, EXCLUDED.as_of);
    RETURN NULL;
END $$;
CREATE TRIGGER indicator_values_latest AFTER INSERT ON indicator_values
    FOR EACH ROW EXECUTE FUNCTION keep_latest_indicator();
CREATE TRIGGER indicator_values_kept BEFORE UPDATE ON indicator_values
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- One partition a year, from the year before `today` to the year after it.
CREATE FUNCTION maintain_indicator_partitions(today date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date;
    changed integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(4403123);
    FOR first IN SELECT generate_series(date_trunc('year', today) - interval '1 year',
                                        date_trunc('year', today) + interval '1 year',
                                        interval '1 year')::date LOOP
        IF to_regclass('public.indicator_values_' || to_char(first, 'YYYY')) IS NULL
            AND NOT EXISTS (SELECT 1 FROM indicator_values_default
                            WHERE period_from >= first
                              AND period_from < first + interval '1 year')
        THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF indicator_values FOR VALUES FROM (%L) TO (%L)',
                'indicator_values_' || to_char(first, 'YYYY'), first,
                (first + interval '1 year')::date);
            changed := changed + 1;
        END IF;
    END LOOP;
    RETURN changed;
END $$;
GRANT EXECUTE ON FUNCTION maintain_indicator_partitions(date) TO goldenhour_app;
REVOKE EXECUTE ON FUNCTION maintain_indicator_partitions(date) FROM PUBLIC;

-- What was laid over cells as JSON becomes values of today.
INSERT INTO indicator_values (indicator, subject_kind, subject_id, period_from, period_until,
    source, as_of, value, unit)
SELECT risk.key, 'population_cell', c.cell_id::text, current_date, current_date + 1, c.source,
       now(), risk.value::text::double precision, '1'
FROM population_cells AS c, jsonb_each(c.risk_values) AS risk
WHERE jsonb_typeof(risk.value) = 'number';
