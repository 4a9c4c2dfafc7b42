SELECT facility_id, kind, has_emergency_department AS emergency, name, name_zh, name_en, modelled,
       geom
FROM facilities
WHERE city_id = :city_id AND kind IS NOT NULL
ORDER BY facility_id
