SELECT EXISTS (SELECT FROM road_segments WHERE city_id = :city_id) AS found;
