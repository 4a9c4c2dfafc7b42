SELECT station_id, kind, name, name_zh, name_en, modelled, geom
FROM stations
WHERE city_id = :city_id
ORDER BY station_id
