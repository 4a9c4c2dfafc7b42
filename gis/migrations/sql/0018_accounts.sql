-- An installation that once had an administrator never loses the last one: somebody who may manage
-- accounts everywhere and can log in. Decided at the end of each transaction, one after the other,
-- so that of two who remove each other one is refused.

CREATE FUNCTION an_administrator_is_there() RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT EXISTS (
        SELECT 1 FROM public.users u
        JOIN public.user_roles r ON r.user_id = u.user_id AND r.jurisdiction = ''
        JOIN public.role_permissions p
            ON p.role = r.role AND p.held AND p.permission = 'user_admin'
        WHERE u.disabled_at IS NULL
    )
$$;

CREATE FUNCTION note_administrator() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE installation SET has_administrator = true
    WHERE NOT has_administrator AND an_administrator_is_there();
    RETURN NULL;
END $$;

CREATE FUNCTION keep_last_administrator() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT (SELECT has_administrator FROM installation) THEN
        RETURN NULL;
    END IF;
    -- Whoever waits here sees afterwards what the one before has committed.
    PERFORM pg_advisory_xact_lock(4403124);
    IF NOT an_administrator_is_there() THEN
        RAISE EXCEPTION 'the last administrator stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'last_administrator';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER user_roles_administrator AFTER INSERT OR UPDATE ON user_roles
    FOR EACH STATEMENT EXECUTE FUNCTION note_administrator();
CREATE TRIGGER role_permissions_administrator AFTER INSERT OR UPDATE ON role_permissions
    FOR EACH STATEMENT EXECUTE FUNCTION note_administrator();
CREATE TRIGGER users_administrator AFTER UPDATE OF disabled_at ON users
    FOR EACH STATEMENT EXECUTE FUNCTION note_administrator();

CREATE CONSTRAINT TRIGGER last_administrator AFTER UPDATE OF disabled_at OR DELETE ON users
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_last_administrator();
CREATE CONSTRAINT TRIGGER last_administrator AFTER UPDATE OR DELETE ON user_roles
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_last_administrator();
CREATE CONSTRAINT TRIGGER last_administrator AFTER UPDATE OR DELETE ON role_permissions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_last_administrator();

UPDATE installation SET has_administrator = an_administrator_is_there();
