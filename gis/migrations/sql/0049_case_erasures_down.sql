DROP FUNCTION erase_case_person(uuid, timestamptz);
DROP FUNCTION case_owner(uuid);
