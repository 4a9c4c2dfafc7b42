-- Areas with told signals of the newest day; one new signal makes an area new.
SELECT a.code, a.name, a.name_zh, a.name_en, count(*)::integer AS signals,
       CASE WHEN bool_or(s.state = 'new') THEN 'new' ELSE 'known' END AS state, a.modelled, a.geom
FROM surveillance_signals AS s
JOIN areas AS a ON a.city_id = s.city_id AND a.code = s.area_code AND a.valid_to IS NULL
WHERE s.city_id = :city_id AND s.told AND s.kind <> 'drop' AND s.state <> 'ended'
  AND s.last_on = (SELECT max(r.day) FROM surveillance_runs AS r WHERE r.city_id = :city_id)
GROUP BY a.area_id
ORDER BY a.area_id
