-- Backups of the whole cluster: every hour what has changed, every day everything. Run it as an administrator; it may be run again.
--
-- Before: make the place known under a name, so that no credentials stand in a schedule, and lock its objects there for as long as backups must
-- survive an attacker. KEY_ID and SECRET are those of a user who may write and list, and not delete:
--   CREATE EXTERNAL CONNECTION agoat_backups AS 's3://bucket/agoat?AWS_ACCESS_KEY_ID=KEY_ID&AWS_SECRET_ACCESS_KEY=SECRET';
--
-- Encryption at rest does not reach backups: they are encrypted by the passphrase below, or by a KMS. Keep it apart from the place.
CREATE SCHEDULE IF NOT EXISTS agoat_backups
  FOR BACKUP INTO 'external://agoat_backups'
  WITH revision_history, encryption_passphrase = 'PUT-A-PASSPHRASE-HERE'
  RECURRING '@hourly'
  FULL BACKUP '@daily'
  WITH SCHEDULE OPTIONS first_run = 'now', on_execution_failure = 'reschedule', on_previous_running = 'wait';
-- Then look now and then: SHOW SCHEDULES FOR BACKUP;  SHOW BACKUPS IN 'external://agoat_backups';
