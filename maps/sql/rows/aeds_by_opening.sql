-- Hours were judged outside: what is in neither list is not known. What is known of the device
-- itself goes before the hours of its place.
SELECT aed_id, access, name, name_zh,
       CASE WHEN state IN ('out_of_service', 'missing') OR opening_hours = ANY(:closed_hours)
            THEN 'closed'
            WHEN opening_hours = ANY(:open_hours) THEN 'open'
            ELSE 'unknown' END AS opening,
       opening_hours, modelled, geom
FROM aeds LEFT JOIN aed_states USING (aed_id)
WHERE city_id = :city_id
ORDER BY aed_id
