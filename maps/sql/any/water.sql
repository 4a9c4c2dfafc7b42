SELECT EXISTS (SELECT FROM water_bodies WHERE city_id = :city_id) AS found;
