DROP FUNCTION cases_reported_since(bigint);
