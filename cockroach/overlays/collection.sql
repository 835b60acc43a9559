-- Deleted rows of the busiest work tables are collected after ten minutes instead of four hours, because polls read over them until then.
-- A backup schedule keeps rows until its next incremental backup has read them, so beside hourly backups the gain is at most down to an hour.
-- Do not set it lower than your slowest incremental backup takes, where backups are not made by a schedule.
ALTER TABLE agoat.ops.outbox CONFIGURE ZONE USING gc.ttlseconds = 600;
ALTER TABLE agoat.ops.changes_in CONFIGURE ZONE USING gc.ttlseconds = 600;
ALTER TABLE agoat.ops.cache_bumps CONFIGURE ZONE USING gc.ttlseconds = 600;
