-- Inspections of a kind in the 28 days that end with a day; the worst of those at one place above.
SELECT i.inspected_on::text AS inspected_on, i.area_code AS code,
       i.premises::integer AS premises, i.premises_positive::integer AS premises_positive,
       i.containers::integer AS containers, i.containers_positive::integer AS containers_positive,
       CASE WHEN i.outcome IS NOT NULL THEN i.outcome
            WHEN coalesce(i.premises_positive, 0) + coalesce(i.containers_positive, 0) > 0
            THEN 'positive' ELSE 'negative' END AS found,
       i.source, i.geom
FROM inspections AS i
WHERE i.city_id = :city_id AND i.kind = :kind
  AND i.inspected_on > CAST(:on_day AS date) - 28 AND i.inspected_on <= CAST(:on_day AS date)
ORDER BY (i.outcome = 'failed' OR i.premises_positive > 0 OR i.containers_positive > 0) NULLS FIRST,
         i.inspected_on, i.inspection_id
