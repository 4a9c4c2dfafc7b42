DROP FUNCTION areas_reached(bigint, text[]);
