-- Published cells and nothing else: a hidden one has no number here either.
SELECT area.code, area.name, area.name_zh, area.name_en, cell.people AS incidents,
       cell.people IS NULL AS hidden, release.smallest_told,
       release.period_from::text AS first_day, (release.period_until - 1)::text AS last_day,
       area.modelled, area.geom
FROM disclosure_releases AS release
JOIN disclosure_cells AS cell USING (release_id)
JOIN areas AS area ON area.city_id = release.city_id AND area.code = cell.area_code
    AND area.valid_from < release.period_until
    AND (area.valid_to IS NULL OR area.valid_to >= release.period_until)
WHERE release.city_id = :city_id AND release.release_id = :release_id
  AND cell.group_code = '*' AND area.level = 'district'
ORDER BY area.area_id
