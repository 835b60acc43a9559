-- Sends every numbered change of every customer to a system of your own. See changefeeds.md for what this can do and what it cannot.
-- Put in your own address; a webhook must be https. Rows carry ids and numbers, never texts or prices: the consumer asks the API for those.
SET CLUSTER SETTING kv.rangefeed.enabled = true;
CREATE ROLE IF NOT EXISTS agoat_changefeed;
ALTER ROLE agoat_changefeed WITH LOGIN;
GRANT CONNECT ON DATABASE agoat TO agoat_changefeed;
GRANT USAGE ON SCHEMA agoat.ops TO agoat_changefeed;
GRANT SELECT, CHANGEFEED ON TABLE agoat.ops.changes TO agoat_changefeed;
-- As agoat_changefeed:
--   CREATE CHANGEFEED FOR TABLE agoat.ops.changes INTO 'webhook-https://consumer.example.com/changes'
--     WITH updated, resolved = '10s', initial_scan = 'yes', min_checkpoint_frequency = '10s', on_error = 'pause';
