SELECT aed_id, access, name, name_zh, modelled, geom
FROM aeds
WHERE city_id = :city_id
ORDER BY aed_id
