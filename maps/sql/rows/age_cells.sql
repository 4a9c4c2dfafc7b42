-- A band counts when it begins at 65 or later; a cell without bands, or without people, is left out.
SELECT source_ref AS cell, old.persons AS people_65,
       round((100 * old.persons / old.total)::numeric, 1)::float8 AS share_65,
       counted_on::text AS counted_on, modelled, geom
FROM population_cells AS cell, LATERAL (
    SELECT sum(value::float8) FILTER (WHERE split_part(rtrim(key, '+'), '-', 1)::int >= 65)
               AS persons,
           sum(value::float8) AS total
    FROM jsonb_each_text(cell.age_bands)
) AS old
WHERE city_id = :city_id AND time_of_day = :time AND old.total > 0
  AND counted_on IS NOT DISTINCT FROM (
      SELECT max(counted_on) FROM population_cells AS last
      WHERE last.city_id = :city_id AND last.time_of_day = :time AND last.source = cell.source
  )
ORDER BY cell_id
