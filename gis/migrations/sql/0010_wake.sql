-- The sequencer sleeps while nothing happens. While it is awake it holds a lock, and writers tell
-- it nothing: a notification in every transaction would put all commits in a row.
CREATE FUNCTION wake_sequencer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_try_advisory_xact_lock_shared(4403123) THEN
        PERFORM pg_notify('goldenhour_outbox', '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER wake_sequencer AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION wake_sequencer();

-- Processes that hold roads are told when their conditions or metrics moved.
CREATE FUNCTION tell_of_roads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('goldenhour_roads', NEW.city_id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_of_roads AFTER INSERT OR UPDATE ON road_conditions_state
    FOR EACH ROW EXECUTE FUNCTION tell_of_roads();
CREATE TRIGGER tell_of_roads AFTER UPDATE ON road_metrics
    FOR EACH ROW WHEN (NEW.state = 'ready') EXECUTE FUNCTION tell_of_roads();
