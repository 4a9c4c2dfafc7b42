-- Bands of one count: of its last day, and of the source that counted the finest then.
WITH counted AS (
    SELECT area_id, counted_on, populations.source,
           sum(persons) FILTER (WHERE age_from >= 65) AS persons, sum(persons) AS total,
           count(*) AS bands
    FROM areas JOIN populations USING (area_id)
    WHERE city_id = :city_id AND valid_to IS NULL AND base = 'resident' AND sex = 'all'
      AND NOT (age_from = 0 AND age_below IS NULL)
    GROUP BY area_id, counted_on, populations.source
), known AS (
    SELECT DISTINCT ON (area_id) area_id, code, path, level, name, name_zh, name_en,
           counted.persons, total, counted.counted_on, modelled, geom
    FROM counted JOIN areas USING (area_id)
    WHERE counted.persons IS NOT NULL AND total > 0
    ORDER BY area_id, counted_on DESC NULLS LAST, bands DESC
)
SELECT code, level, name, name_zh, name_en, persons AS people_65,
       round((100 * persons / total)::numeric, 1)::float8 AS share_65,
       counted_on::text AS counted_on, modelled, geom
FROM known
WHERE NOT EXISTS (
    SELECT FROM known AS below WHERE below.code <> known.code AND known.code = ANY(below.path)
)
ORDER BY area_id
