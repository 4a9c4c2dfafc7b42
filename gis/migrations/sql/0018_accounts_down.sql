DROP TRIGGER last_administrator ON role_permissions;
DROP TRIGGER last_administrator ON user_roles;
DROP TRIGGER last_administrator ON users;
DROP TRIGGER users_administrator ON users;
DROP TRIGGER role_permissions_administrator ON role_permissions;
DROP TRIGGER user_roles_administrator ON user_roles;
DROP FUNCTION keep_last_administrator();
DROP FUNCTION note_administrator();
DROP FUNCTION an_administrator_is_there();
