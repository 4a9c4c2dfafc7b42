-- The smallest areas that are known cover each place once: one above them is left out.
WITH known AS (
    SELECT DISTINCT ON (area_id) area_id, code, path, level, name, name_zh, name_en, persons,
           counted_on, modelled, geom
    FROM areas JOIN populations USING (area_id)
    WHERE city_id = :city_id AND valid_to IS NULL AND base = 'resident' AND sex = 'all'
      AND age_from = 0 AND age_below IS NULL
    ORDER BY area_id, counted_on DESC NULLS LAST, population_id DESC
)
SELECT code, level, name, name_zh, name_en, persons AS population,
       round((persons / nullif(ST_Area(geom::geography) / 1e6, 0))::numeric, 1)::float8 AS density,
       counted_on::text AS counted_on, modelled, geom
FROM known
WHERE NOT EXISTS (
    SELECT FROM known AS below WHERE below.code <> known.code AND known.code = ANY(below.path)
)
ORDER BY area_id
