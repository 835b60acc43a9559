-- A role for reports and dashboards of your own that reads from the nearest replica, about five seconds behind, without disturbing writers.
-- Never give this setting to a role of the product: its promise is that after a publish nobody is shown the old page, and it reads what it has
-- just written. The role sees every customer's rows, since reports go over all of them; give it a password and keep it to yourself.
CREATE ROLE IF NOT EXISTS agoat_reports;
ALTER ROLE agoat_reports WITH LOGIN BYPASSRLS;
GRANT CONNECT ON DATABASE agoat TO agoat_reports;
GRANT USAGE ON SCHEMA agoat.tenancy, agoat.content, agoat.catalog, agoat.audit TO agoat_reports;
GRANT SELECT ON TABLE agoat.content.publications, agoat.catalog.product_publications, agoat.audit.change_sets TO agoat_reports;
ALTER ROLE agoat_reports SET default_transaction_use_follower_reads = 'on';
ALTER ROLE agoat_reports SET default_transaction_read_only = 'on';
ALTER ROLE agoat_reports SET statement_timeout = '60s';
