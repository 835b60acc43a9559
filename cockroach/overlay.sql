-- Deleted rows of the three busiest work tables are collected after ten minutes, because polls would read over them until then.
ALTER TABLE ops.outbox CONFIGURE ZONE USING gc.ttlseconds = 600;
ALTER TABLE ops.changes_in CONFIGURE ZONE USING gc.ttlseconds = 600;
ALTER TABLE ops.cache_bumps CONFIGURE ZONE USING gc.ttlseconds = 600;
