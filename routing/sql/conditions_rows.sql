-- As the tiles show them: no author and no reason.
WITH current AS (
    SELECT condition_id, kind, depth_m, speed_kmh, network_version
    FROM road_conditions
    WHERE city_id = :city_id AND kind IN ('closure', 'flood', 'roadworks')
      AND ended_at IS NULL AND starts_at <= now() AND expires_at > now()
), piece AS (
    SELECT current.condition_id::text AS condition_id, current.kind, current.depth_m,
           current.speed_kmh, edge.segment_id,
           min(edge.from_share) AS from_share, max(edge.to_share) AS to_share,
           CASE WHEN count(DISTINCT edge.direction) = 2 THEN 0
                WHEN min(edge.direction) = 0 THEN 1 ELSE -1 END AS direction
    FROM current JOIN road_condition_edges AS edge USING (condition_id, network_version)
    GROUP BY current.condition_id, current.kind, current.depth_m, current.speed_kmh,
             edge.segment_id
)
SELECT piece.kind, piece.condition_id, piece.direction, piece.depth_m, piece.speed_kmh,
       regexp_replace(road.highway, '_link$', '') AS class,
       ST_LineSubstring(road.geom, piece.from_share, piece.to_share) AS geom
FROM piece JOIN road_segments AS road USING (segment_id)
WHERE road.city_id = :city_id AND piece.from_share < piece.to_share
ORDER BY piece.condition_id, piece.segment_id
