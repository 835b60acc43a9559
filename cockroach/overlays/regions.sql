-- For nodes in several regions, each started with --locality=region=NAME. Put in your own names: the first region is where most editors work.
--
-- What it gives: the database survives the loss of a region, and small tables that everybody reads are near everywhere.
-- What it does not give: a home in one region for each customer. REGIONAL BY ROW would put a hidden column for the region first in every key, and
-- uniqueness would be checked in all regions, because ids are made by the application and not by the database. A customer whose data must stay in
-- one region needs an installation of its own there.
-- From 26.1 on a table is locked against this: run ALTER TABLE … SET (schema_locked = false) before its line, and true after it.
-- Reversing it means moving all data again. Try it on a copy.
ALTER DATABASE agoat SET PRIMARY REGION "europe-west1";
ALTER DATABASE agoat ADD REGION IF NOT EXISTS "europe-north1";
ALTER DATABASE agoat ADD REGION IF NOT EXISTS "us-east1";
ALTER DATABASE agoat SURVIVE REGION FAILURE;
-- Read by every request before anything else and changed rarely; a write to them is slow from then on.
ALTER TABLE agoat.tenancy.domains SET LOCALITY GLOBAL;
ALTER TABLE agoat.tenancy.customers SET LOCALITY GLOBAL;
