-- The newest value of an indicator in each present area that had begun by a day, coarse ones below.
-- One that rests on nothing (n = 0) was taken back.
WITH shown AS (
    SELECT area_id, code, name, name_zh, name_en, modelled, path, geom
    FROM areas WHERE city_id = :city_id AND valid_to IS NULL
), newest AS (
    SELECT DISTINCT ON (subject_id) subject_id, value, n, period_from, period_until, source
    FROM indicator_values
    WHERE indicator = :indicator AND subject_kind = 'area'
      AND subject_id IN (SELECT code FROM shown) AND period_from <= CAST(:on_day AS date)
    ORDER BY subject_id, period_until DESC, as_of DESC, source
)
SELECT code, name, name_zh, name_en, value, n, period_from::text AS period_from,
       (period_until - 1)::text AS period_to, source, modelled, geom
FROM newest JOIN shown ON code = subject_id
WHERE n IS DISTINCT FROM 0
ORDER BY array_length(path, 1), area_id
