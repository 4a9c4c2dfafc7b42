SELECT EXISTS (SELECT FROM places WHERE city_id = :city_id) AS found;
