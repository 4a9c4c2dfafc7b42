DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
    procrastinate_workers CASCADE;
DO $$
DECLARE
    one regprocedure;
BEGIN
    FOR one IN SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'procrastinate\_%'
    LOOP
        EXECUTE 'DROP FUNCTION ' || one;
    END LOOP;
END $$;
DROP FUNCTION job_was_deferred();
DROP FUNCTION job_gives_key_up();
DROP FUNCTION job_has_moved();
DROP FUNCTION job_was_removed();
DROP FUNCTION tell_of_job() CASCADE;
DROP FUNCTION job_state(procrastinate_job_status);
DROP TYPE procrastinate_job_to_defer_v1;
DROP TYPE procrastinate_job_event_type;
DROP TYPE procrastinate_job_status;
