DROP TRIGGER bed_pools_sum ON bed_pools;
DROP TRIGGER bed_promises_counted ON bed_promises;
DROP FUNCTION check_promised();
DROP FUNCTION count_bed_promise();
