SELECT EXISTS (SELECT FROM areas WHERE city_id = :city_id AND valid_to IS NULL) AS found;
