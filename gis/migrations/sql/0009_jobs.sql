-- Our row of a job follows the library's: made with it, moved with it, removed with it.

CREATE FUNCTION job_state(status procrastinate_job_status) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE status
        WHEN 'todo' THEN 'waiting'
        WHEN 'doing' THEN 'running'
        WHEN 'succeeded' THEN 'done'
        WHEN 'failed' THEN 'failed'
        ELSE 'cancelled'
    END
$$;

CREATE FUNCTION job_was_deferred() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs (job_id, name, queue, state, city_id, area_code, requested_by, due_at,
                      created_at, updated_at)
    VALUES (NEW.id, NEW.task_name, NEW.queue_name, job_state(NEW.status),
            (NEW.args->>'city_id')::bigint, NEW.args->>'area_code',
            coalesce(nullif(current_setting('goldenhour.actor', true), ''), 'system'),
            NEW.scheduled_at, clock_timestamp(), clock_timestamp());
    RETURN NULL;
END $$;

-- A key keeps others from waiting, not from waiting while this one runs; and one that runs must be
-- able to wait again after a failure, also if another has come to wait by then.
CREATE FUNCTION job_gives_key_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.queueing_lock := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER job_gives_key_up BEFORE UPDATE OF status ON procrastinate_jobs
    FOR EACH ROW WHEN (NEW.status <> 'todo' AND NEW.queueing_lock IS NOT NULL)
    EXECUTE FUNCTION job_gives_key_up();

CREATE FUNCTION job_has_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE jobs SET
        state = job_state(NEW.status),
        attempts = NEW.attempts,
        due_at = NEW.scheduled_at,
        started_at = CASE WHEN NEW.status = 'doing' AND OLD.status = 'todo'
            THEN clock_timestamp() ELSE started_at END,
        ended_at = CASE WHEN NEW.status IN ('todo', 'doing') THEN NULL
            WHEN OLD.status IN ('todo', 'doing') THEN clock_timestamp() ELSE ended_at END,
        updated_at = clock_timestamp()
    WHERE job_id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION job_was_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM job_effects WHERE job_id = OLD.id;
    DELETE FROM jobs WHERE job_id = OLD.id;
    RETURN NULL;
END $$;

CREATE TRIGGER job_was_deferred AFTER INSERT ON procrastinate_jobs
    FOR EACH ROW EXECUTE FUNCTION job_was_deferred();
CREATE TRIGGER job_has_moved AFTER UPDATE ON procrastinate_jobs
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status
        OR OLD.attempts IS DISTINCT FROM NEW.attempts
        OR OLD.scheduled_at IS DISTINCT FROM NEW.scheduled_at)
    EXECUTE FUNCTION job_has_moved();
CREATE TRIGGER job_was_removed AFTER DELETE ON procrastinate_jobs
    FOR EACH ROW EXECUTE FUNCTION job_was_removed();

-- Whoever shows jobs live is told which one moved.
CREATE FUNCTION tell_of_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('goldenhour_jobs', NEW.job_id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_of_job AFTER INSERT OR UPDATE ON jobs
    FOR EACH ROW EXECUTE FUNCTION tell_of_job();

GRANT SELECT, INSERT, UPDATE, DELETE ON jobs, job_effects, procrastinate_jobs, procrastinate_events,
    procrastinate_workers, procrastinate_periodic_defers TO goldenhour_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO goldenhour_app;
