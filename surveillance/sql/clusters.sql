-- Areas of told clusters of the newest run; the change of the most seldom one.
SELECT a.code, a.name, a.name_zh, a.name_en, count(*)::integer AS clusters,
       (array_agg(c.change ORDER BY c.recurrence_days DESC, c.cluster_id))[1] AS change,
       min(c.starts_on)::text AS since, a.modelled, a.geom
FROM clusters AS c
JOIN areas AS a ON a.city_id = c.city_id AND a.code = ANY (c.places) AND a.valid_to IS NULL
WHERE c.told AND c.run_id = (
    SELECT r.run_id FROM cluster_runs AS r
    WHERE r.city_id = :city_id ORDER BY r.day DESC, r.made_at DESC LIMIT 1
)
GROUP BY a.area_id
ORDER BY a.area_id
