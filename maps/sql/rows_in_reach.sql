-- Rows within the areas that a right is limited to: by the code of their area, or by a point on them.
WITH reached AS MATERIALIZED (
    SELECT geom FROM areas_reached(:city_id, :reach)
)
SELECT inside.* FROM ($rows) AS inside WHERE $is_inside
