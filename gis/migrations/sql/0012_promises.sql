-- The promises held of a pool are counted where they are written: under the pool's row lock, so
-- that of two writers at the last bed one waits and is refused.
CREATE FUNCTION count_bed_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'held' THEN
            RAISE EXCEPTION 'a promise begins held' USING ERRCODE = 'check_violation';
        END IF;
        UPDATE public.bed_pools SET promised = promised + NEW.beds
        WHERE pool_id = NEW.pool_id AND occupied + promised + NEW.beds <= capacity;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the pool has no free bed left'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bed_pool_full';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state <> 'held' OR NEW.pool_id <> OLD.pool_id OR NEW.beds <> OLD.beds THEN
            RAISE EXCEPTION 'a promise that ended stays ended, and its beds stay as they were'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bed_promise_settled';
        END IF;
        IF NEW.state = 'held' THEN
            RETURN NEW;
        END IF;
    ELSIF OLD.state <> 'held' THEN
        RETURN OLD;
    END IF;
    UPDATE public.bed_pools SET promised = promised - OLD.beds WHERE pool_id = OLD.pool_id;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER bed_promises_counted BEFORE INSERT OR UPDATE OR DELETE ON bed_promises
    FOR EACH ROW EXECUTE FUNCTION count_bed_promise();

-- Nobody writes the count past the promises.
CREATE FUNCTION check_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT p.promised FROM public.bed_pools AS p WHERE p.pool_id = NEW.pool_id) <> (
        SELECT coalesce(sum(beds), 0) FROM public.bed_promises
        WHERE pool_id = NEW.pool_id AND state = 'held')
    THEN
        RAISE EXCEPTION 'the beds promised are the sum of the promises held'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bed_pool_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bed_pools_sum AFTER INSERT OR UPDATE OF promised ON bed_pools
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_promised();
