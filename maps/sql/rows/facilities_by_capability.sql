SELECT facility_id, kind, has_emergency_department AS emergency, name, name_zh, name_en, level,
       modelled, geom
FROM facilities JOIN facility_capabilities USING (facility_id)
WHERE city_id = :city_id AND kind IS NOT NULL AND capability = :capability
  AND valid_until IS NULL
ORDER BY facility_id
