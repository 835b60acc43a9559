SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS audit.change_set_marks (
        customer_id UUID NOT NULL,
        change_set_id UUID NOT NULL,
        id UUID NOT NULL,
        mark TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_change_set_marks PRIMARY KEY (customer_id, change_set_id, id),
        CONSTRAINT ck_change_set_marks_mark CHECK (mark IN ('completed', 'interrupted', 'undone'))
    );

DROP INDEX IF EXISTS audit.pk_change_set_marks_ccnew;

DROP INDEX IF EXISTS audit.pk_change_set_marks_ccold;

REINDEX INDEX CONCURRENTLY audit.pk_change_set_marks;

ALTER TABLE audit.change_set_marks ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit.change_set_marks FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON audit.change_set_marks;

CREATE POLICY tenant ON audit.change_set_marks FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON audit.change_set_marks TO agoat_app;

GRANT SELECT ON audit.change_set_marks TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON audit.change_set_marks TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS audit.change_sets (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        verb TEXT NOT NULL,
        reason TEXT,
        actor_kind TEXT NOT NULL,
        actor_id UUID,
        actor_name TEXT NOT NULL,
        door TEXT NOT NULL,
        session_id UUID,
        request_id TEXT,
        CONSTRAINT pk_change_sets PRIMARY KEY (customer_id, id)
    );

CREATE INDEX IF NOT EXISTS ix_change_sets_recent ON audit.change_sets (customer_id, at DESC, id DESC);

DROP INDEX IF EXISTS audit.pk_change_sets_ccnew;

DROP INDEX IF EXISTS audit.pk_change_sets_ccold;

REINDEX INDEX CONCURRENTLY audit.pk_change_sets;

ALTER TABLE audit.change_sets ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit.change_sets FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON audit.change_sets;

CREATE POLICY tenant ON audit.change_sets FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON audit.change_sets TO agoat_app;

GRANT SELECT ON audit.change_sets TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON audit.change_sets TO agoat_backoffice;

GRANT SELECT ON audit.change_sets TO agoat_reader;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS audit.events (
        customer_id UUID NOT NULL,
        change_set_id UUID NOT NULL,
        thing_id UUID NOT NULL,
        to_version BIGINT NOT NULL,
        thing_type TEXT NOT NULL,
        from_version BIGINT NOT NULL,
        kind TEXT NOT NULL,
        fields JSONB NOT NULL,
        label TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_events PRIMARY KEY (customer_id, change_set_id, thing_id, to_version)
    );

CREATE INDEX IF NOT EXISTS ix_events_thing ON audit.events (customer_id, thing_id, to_version);

DROP INDEX IF EXISTS audit.pk_events_ccnew;

DROP INDEX IF EXISTS audit.pk_events_ccold;

REINDEX INDEX CONCURRENTLY audit.pk_events;

ALTER TABLE audit.events ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit.events FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON audit.events;

CREATE POLICY tenant ON audit.events FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON audit.events TO agoat_app;

GRANT SELECT ON audit.events TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON audit.events TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS audit.versions (
        customer_id UUID NOT NULL,
        thing_id UUID NOT NULL,
        version BIGINT NOT NULL,
        thing_type TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        change_set_id UUID NOT NULL,
        actor_kind TEXT NOT NULL,
        actor_id UUID,
        actor_name TEXT NOT NULL,
        door TEXT NOT NULL,
        payload JSONB NOT NULL,
        CONSTRAINT pk_versions PRIMARY KEY (customer_id, thing_id, version)
    );

DROP INDEX IF EXISTS audit.pk_versions_ccnew;

DROP INDEX IF EXISTS audit.pk_versions_ccold;

REINDEX INDEX CONCURRENTLY audit.pk_versions;

ALTER TABLE audit.versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit.versions FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON audit.versions;

CREATE POLICY tenant ON audit.versions FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON audit.versions TO agoat_app;

GRANT SELECT ON audit.versions TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON audit.versions TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.movements (
        customer_id UUID NOT NULL,
        variant_id UUID NOT NULL,
        id UUID NOT NULL,
        delta BIGINT NOT NULL,
        on_hand BIGINT NOT NULL,
        reason TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        change_set_id UUID NOT NULL,
        CONSTRAINT pk_movements PRIMARY KEY (customer_id, variant_id, id)
    );

CREATE INDEX IF NOT EXISTS ix_movements_at ON catalog.movements (customer_id, variant_id, at DESC);

DROP INDEX IF EXISTS catalog.pk_movements_ccnew;

DROP INDEX IF EXISTS catalog.pk_movements_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_movements;

ALTER TABLE catalog.movements ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.movements FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.movements;

CREATE POLICY tenant ON catalog.movements FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON catalog.movements TO agoat_app;

GRANT SELECT ON catalog.movements TO agoat_worker;

GRANT SELECT, INSERT, DELETE ON catalog.movements TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.price_history (
        customer_id UUID NOT NULL,
        variant_id UUID NOT NULL,
        kind TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        change_set_id UUID NOT NULL,
        amount BIGINT,
        currency VARCHAR(3) NOT NULL,
        starts_at TIMESTAMP WITH TIME ZONE,
        ends_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_price_history PRIMARY KEY (customer_id, variant_id, kind, at, change_set_id),
        CONSTRAINT ck_price_history_kind CHECK (kind IN ('retail', 'wholesale', 'sale'))
    );

DROP INDEX IF EXISTS catalog.pk_price_history_ccnew;

DROP INDEX IF EXISTS catalog.pk_price_history_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_price_history;

ALTER TABLE catalog.price_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.price_history FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.price_history;

CREATE POLICY tenant ON catalog.price_history FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON catalog.price_history TO agoat_app;

GRANT SELECT ON catalog.price_history TO agoat_worker;

GRANT SELECT, INSERT, DELETE ON catalog.price_history TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.product_versions (
        customer_id UUID NOT NULL,
        thing_id UUID NOT NULL,
        version BIGINT NOT NULL,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        change_set_id UUID NOT NULL,
        actor_kind TEXT NOT NULL,
        actor_id UUID,
        actor_name TEXT NOT NULL,
        door TEXT NOT NULL,
        payload JSONB NOT NULL,
        CONSTRAINT pk_product_versions PRIMARY KEY (customer_id, thing_id, version)
    );

CREATE INDEX IF NOT EXISTS ix_product_versions_recent
        ON catalog.product_versions (customer_id, at DESC, thing_id DESC, version DESC);

DROP INDEX IF EXISTS catalog.pk_product_versions_ccnew;

DROP INDEX IF EXISTS catalog.pk_product_versions_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_product_versions;

ALTER TABLE catalog.product_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.product_versions FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.product_versions;

CREATE POLICY tenant ON catalog.product_versions FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON catalog.product_versions TO agoat_app;

GRANT SELECT ON catalog.product_versions TO agoat_worker;

GRANT SELECT, INSERT, DELETE, UPDATE ON catalog.product_versions TO agoat_backoffice;

GRANT SELECT ON catalog.product_versions TO agoat_reader;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS content.post_versions (
        customer_id UUID NOT NULL,
        thing_id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        change_set_id UUID NOT NULL,
        actor_kind TEXT NOT NULL,
        actor_id UUID,
        actor_name TEXT NOT NULL,
        door TEXT NOT NULL,
        payload JSONB NOT NULL,
        CONSTRAINT pk_post_versions PRIMARY KEY (customer_id, thing_id, version)
    );

CREATE INDEX IF NOT EXISTS ix_post_versions_recent
        ON content.post_versions (customer_id, site_id, at DESC, thing_id DESC, version DESC);

DROP INDEX IF EXISTS content.pk_post_versions_ccnew;

DROP INDEX IF EXISTS content.pk_post_versions_ccold;

REINDEX INDEX CONCURRENTLY content.pk_post_versions;

ALTER TABLE content.post_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE content.post_versions FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON content.post_versions;

CREATE POLICY tenant ON content.post_versions FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON content.post_versions TO agoat_app;

GRANT SELECT ON content.post_versions TO agoat_worker;

GRANT SELECT, INSERT, DELETE, UPDATE ON content.post_versions TO agoat_backoffice;

GRANT SELECT ON content.post_versions TO agoat_reader;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS identity.person_events (
        user_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        id UUID NOT NULL,
        verb TEXT NOT NULL,
        details JSONB NOT NULL,
        CONSTRAINT pk_person_events PRIMARY KEY (user_id, at, id)
    );

DROP INDEX IF EXISTS identity.pk_person_events_ccnew;

DROP INDEX IF EXISTS identity.pk_person_events_ccold;

REINDEX INDEX CONCURRENTLY identity.pk_person_events;

GRANT SELECT, INSERT ON identity.person_events TO agoat_backoffice;

GRANT SELECT, INSERT ON identity.person_events TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS identity.sign_in_attempts (
        subject BYTEA NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        id UUID NOT NULL,
        CONSTRAINT pk_sign_in_attempts PRIMARY KEY (subject, at, id)
    );

DROP INDEX IF EXISTS identity.pk_sign_in_attempts_ccnew;

DROP INDEX IF EXISTS identity.pk_sign_in_attempts_ccold;

REINDEX INDEX CONCURRENTLY identity.pk_sign_in_attempts;

GRANT SELECT, DELETE ON identity.sign_in_attempts TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.sign_in_attempts TO agoat_backoffice;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.sign_in_attempts TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS identity.users (
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        email VARCHAR(254) NOT NULL,
        name TEXT NOT NULL,
        password_hash TEXT,
        state TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_users PRIMARY KEY (id),
        CONSTRAINT ck_users_email_lower CHECK (email = lower(email)),
        CONSTRAINT ck_users_state CHECK (state IN ('active', 'closed'))
    );

CREATE UNIQUE INDEX IF NOT EXISTS ux_users_email ON identity.users (email);

DROP INDEX IF EXISTS identity.pk_users_ccnew;

DROP INDEX IF EXISTS identity.pk_users_ccold;

REINDEX INDEX CONCURRENTLY identity.pk_users;

ALTER TABLE identity.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE identity.users FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS directory ON identity.users;

CREATE POLICY directory ON identity.users FOR ALL TO agoat_directory USING (true) WITH CHECK (true);

GRANT SELECT ON identity.users TO agoat_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.users TO agoat_backoffice;

GRANT SELECT, INSERT, UPDATE ON identity.users TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.cache_bumps (
        customer_id UUID NOT NULL,
        tag VARCHAR(200) NOT NULL,
        id UUID NOT NULL,
        shard SMALLINT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_cache_bumps PRIMARY KEY (customer_id, tag, id)
    );

CREATE INDEX IF NOT EXISTS ix_cache_bumps_recent ON ops.cache_bumps (shard, at);

DROP INDEX IF EXISTS ops.pk_cache_bumps_ccnew;

DROP INDEX IF EXISTS ops.pk_cache_bumps_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_cache_bumps;

ALTER TABLE ops.cache_bumps ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.cache_bumps FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.cache_bumps;

CREATE POLICY tenant ON ops.cache_bumps FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

DROP POLICY IF EXISTS directory ON ops.cache_bumps;

CREATE POLICY directory ON ops.cache_bumps FOR ALL TO agoat_directory USING (true) WITH CHECK (true);

GRANT SELECT, INSERT ON ops.cache_bumps TO agoat_app;

GRANT SELECT, DELETE ON ops.cache_bumps TO agoat_worker;

GRANT SELECT, INSERT, DELETE ON ops.cache_bumps TO agoat_backoffice;

GRANT SELECT ON ops.cache_bumps TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.cache_tags (
        customer_id UUID NOT NULL,
        tag VARCHAR(200) NOT NULL,
        base BIGINT NOT NULL,
        CONSTRAINT pk_cache_tags PRIMARY KEY (customer_id, tag)
    );

DROP INDEX IF EXISTS ops.pk_cache_tags_ccnew;

DROP INDEX IF EXISTS ops.pk_cache_tags_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_cache_tags;

ALTER TABLE ops.cache_tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.cache_tags FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.cache_tags;

CREATE POLICY tenant ON ops.cache_tags FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT ON ops.cache_tags TO agoat_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.cache_tags TO agoat_worker;

GRANT SELECT, DELETE ON ops.cache_tags TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.change_heads (
        customer_id UUID NOT NULL,
        number BIGINT NOT NULL,
        oldest BIGINT NOT NULL,
        CONSTRAINT pk_change_heads PRIMARY KEY (customer_id)
    );

DROP INDEX IF EXISTS ops.pk_change_heads_ccnew;

DROP INDEX IF EXISTS ops.pk_change_heads_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_change_heads;

ALTER TABLE ops.change_heads ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.change_heads FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.change_heads;

CREATE POLICY tenant ON ops.change_heads FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT ON ops.change_heads TO agoat_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.change_heads TO agoat_worker;

GRANT SELECT, DELETE ON ops.change_heads TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.changes (
        customer_id UUID NOT NULL,
        number BIGINT NOT NULL,
        thing_type TEXT NOT NULL,
        thing_id UUID NOT NULL,
        version BIGINT NOT NULL,
        is_deleted BOOLEAN NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_changes PRIMARY KEY (customer_id, number)
    );

CREATE INDEX IF NOT EXISTS ix_changes_deleted ON ops.changes (customer_id, number) WHERE is_deleted IS true;

DROP INDEX IF EXISTS ops.pk_changes_ccnew;

DROP INDEX IF EXISTS ops.pk_changes_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_changes;

ALTER TABLE ops.changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.changes FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.changes;

CREATE POLICY tenant ON ops.changes FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT ON ops.changes TO agoat_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.changes TO agoat_worker;

GRANT SELECT, DELETE ON ops.changes TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.changes_in (
        shard SMALLINT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        customer_id UUID NOT NULL,
        thing_id UUID NOT NULL,
        version BIGINT NOT NULL,
        thing_type TEXT NOT NULL,
        is_deleted BOOLEAN NOT NULL,
        CONSTRAINT pk_changes_in PRIMARY KEY (shard, at, customer_id, thing_id, version)
    );

DROP INDEX IF EXISTS ops.pk_changes_in_ccnew;

DROP INDEX IF EXISTS ops.pk_changes_in_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_changes_in;

ALTER TABLE ops.changes_in ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.changes_in FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.changes_in;

CREATE POLICY tenant ON ops.changes_in FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT INSERT ON ops.changes_in TO agoat_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.changes_in TO agoat_worker;

GRANT SELECT, INSERT, DELETE ON ops.changes_in TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.idempotency_answers (
        customer_id UUID NOT NULL,
        claim BYTEA NOT NULL,
        status SMALLINT NOT NULL,
        headers JSONB NOT NULL,
        body BYTEA NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_idempotency_answers PRIMARY KEY (customer_id, claim)
    );

DROP INDEX IF EXISTS ops.pk_idempotency_answers_ccnew;

DROP INDEX IF EXISTS ops.pk_idempotency_answers_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_idempotency_answers;

ALTER TABLE ops.idempotency_answers ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.idempotency_answers FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.idempotency_answers;

CREATE POLICY tenant ON ops.idempotency_answers FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON ops.idempotency_answers TO agoat_app;

GRANT SELECT, DELETE ON ops.idempotency_answers TO agoat_worker;

GRANT SELECT, DELETE ON ops.idempotency_answers TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.idempotency_keys (
        customer_id UUID NOT NULL,
        claim BYTEA NOT NULL,
        fingerprint BYTEA NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_idempotency_keys PRIMARY KEY (customer_id, claim)
    );

DROP INDEX IF EXISTS ops.pk_idempotency_keys_ccnew;

DROP INDEX IF EXISTS ops.pk_idempotency_keys_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_idempotency_keys;

ALTER TABLE ops.idempotency_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.idempotency_keys FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.idempotency_keys;

CREATE POLICY tenant ON ops.idempotency_keys FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON ops.idempotency_keys TO agoat_app;

GRANT SELECT, DELETE ON ops.idempotency_keys TO agoat_worker;

GRANT SELECT, DELETE ON ops.idempotency_keys TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.import_items (
        customer_id UUID NOT NULL,
        source VARCHAR(200) NOT NULL,
        thing_type VARCHAR(63) NOT NULL,
        source_id VARCHAR(500) NOT NULL,
        thing_id UUID NOT NULL,
        import_id UUID NOT NULL,
        CONSTRAINT pk_import_items PRIMARY KEY (customer_id, source, thing_type, source_id)
    );

CREATE INDEX IF NOT EXISTS ix_import_items_import ON ops.import_items (customer_id, import_id);

DROP INDEX IF EXISTS ops.pk_import_items_ccnew;

DROP INDEX IF EXISTS ops.pk_import_items_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_import_items;

ALTER TABLE ops.import_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.import_items FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.import_items;

CREATE POLICY tenant ON ops.import_items FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT ON ops.import_items TO agoat_app;

GRANT SELECT ON ops.import_items TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.import_items TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.leases (
        name VARCHAR(63) NOT NULL,
        owner UUID,
        lease_until TIMESTAMP WITH TIME ZONE NOT NULL,
        fence BIGINT NOT NULL,
        CONSTRAINT pk_leases PRIMARY KEY (name)
    );

DROP INDEX IF EXISTS ops.pk_leases_ccnew;

DROP INDEX IF EXISTS ops.pk_leases_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_leases;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.leases TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.leases TO agoat_migrator;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.outbox (
        shard SMALLINT NOT NULL,
        id UUID NOT NULL,
        customer_id UUID NOT NULL,
        name TEXT NOT NULL,
        payload JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        available_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        attempts SMALLINT NOT NULL,
        done_at TIMESTAMP WITH TIME ZONE,
        dead_at TIMESTAMP WITH TIME ZONE,
        error TEXT,
        CONSTRAINT pk_outbox PRIMARY KEY (shard, id)
    );

CREATE INDEX IF NOT EXISTS ix_outbox_ready ON ops.outbox (shard, available_at, id) WHERE done_at IS NULL AND dead_at IS NULL;

DROP INDEX IF EXISTS ops.pk_outbox_ccnew;

DROP INDEX IF EXISTS ops.pk_outbox_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_outbox;

ALTER TABLE ops.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.outbox FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.outbox;

CREATE POLICY tenant ON ops.outbox FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT INSERT ON ops.outbox TO agoat_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.outbox TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.outbox TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.outbox_shards (
        shard SMALLINT NOT NULL,
        owner UUID,
        lease_until TIMESTAMP WITH TIME ZONE NOT NULL,
        fence BIGINT NOT NULL,
        CONSTRAINT pk_outbox_shards PRIMARY KEY (shard)
    );

DROP INDEX IF EXISTS ops.pk_outbox_shards_ccnew;

DROP INDEX IF EXISTS ops.pk_outbox_shards_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_outbox_shards;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.outbox_shards TO agoat_worker;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.processes (
        id UUID NOT NULL,
        kind TEXT NOT NULL,
        host TEXT NOT NULL,
        pid BIGINT NOT NULL,
        seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
        figures JSONB NOT NULL,
        CONSTRAINT pk_processes PRIMARY KEY (id)
    );

DROP INDEX IF EXISTS ops.pk_processes_ccnew;

DROP INDEX IF EXISTS ops.pk_processes_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_processes;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.processes TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.processes TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS tenancy.customers (
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        slug VARCHAR(63) NOT NULL,
        name TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_customers PRIMARY KEY (id),
        CONSTRAINT ck_customers_state CHECK (state IN ('active', 'read_only', 'suspended', 'archived'))
    );

CREATE UNIQUE INDEX IF NOT EXISTS ux_customers_slug ON tenancy.customers (slug);

DROP INDEX IF EXISTS tenancy.pk_customers_ccnew;

DROP INDEX IF EXISTS tenancy.pk_customers_ccold;

REINDEX INDEX CONCURRENTLY tenancy.pk_customers;

ALTER TABLE tenancy.customers ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenancy.customers FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON tenancy.customers;

CREATE POLICY tenant ON tenancy.customers FOR ALL TO agoat_app USING (id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

DROP POLICY IF EXISTS directory ON tenancy.customers;

CREATE POLICY directory ON tenancy.customers FOR ALL TO agoat_directory USING (true) WITH CHECK (true);

GRANT SELECT ON tenancy.customers TO agoat_app;

GRANT SELECT ON tenancy.customers TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.customers TO agoat_backoffice;

GRANT SELECT ON tenancy.customers TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.categories (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        slug VARCHAR(200) NOT NULL,
        label TEXT NOT NULL,
        labels JSONB NOT NULL,
        summary TEXT NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_categories PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_categories_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE UNIQUE INDEX IF NOT EXISTS ux_categories_slug ON catalog.categories (customer_id, slug);

DROP INDEX IF EXISTS catalog.pk_categories_ccnew;

DROP INDEX IF EXISTS catalog.pk_categories_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_categories;

ALTER TABLE catalog.categories ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.categories FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.categories;

CREATE POLICY tenant ON catalog.categories FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.categories TO agoat_app;

GRANT SELECT ON catalog.categories TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.categories TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.field_definitions (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        thing_type TEXT NOT NULL,
        code VARCHAR(63) NOT NULL,
        label TEXT NOT NULL,
        labels JSONB NOT NULL,
        is_facet BOOLEAN NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_field_definitions PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_field_definitions_thing_type CHECK (thing_type IN ('post', 'product')),
        CONSTRAINT fk_field_definitions_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE UNIQUE INDEX IF NOT EXISTS ux_field_definitions_code ON catalog.field_definitions (customer_id, thing_type, code);

DROP INDEX IF EXISTS catalog.pk_field_definitions_ccnew;

DROP INDEX IF EXISTS catalog.pk_field_definitions_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_field_definitions;

ALTER TABLE catalog.field_definitions ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.field_definitions FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.field_definitions;

CREATE POLICY tenant ON catalog.field_definitions FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.field_definitions TO agoat_app;

GRANT SELECT ON catalog.field_definitions TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.field_definitions TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS content.media (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        name VARCHAR(120) NOT NULL,
        content_type TEXT NOT NULL,
        width BIGINT NOT NULL,
        height BIGINT NOT NULL,
        alt JSONB NOT NULL,
        created_by UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_media PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_media_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE UNIQUE INDEX IF NOT EXISTS ux_media_name ON content.media (customer_id, name);

DROP INDEX IF EXISTS content.pk_media_ccnew;

DROP INDEX IF EXISTS content.pk_media_ccold;

REINDEX INDEX CONCURRENTLY content.pk_media;

ALTER TABLE content.media ENABLE ROW LEVEL SECURITY;

ALTER TABLE content.media FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON content.media;

CREATE POLICY tenant ON content.media FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON content.media TO agoat_app;

GRANT SELECT ON content.media TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON content.media TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS identity.api_keys (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        prefix TEXT NOT NULL,
        last_four TEXT NOT NULL,
        scopes JSONB NOT NULL,
        created_by UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE,
        revoked_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_api_keys PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_api_keys_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

DROP INDEX IF EXISTS identity.pk_api_keys_ccnew;

DROP INDEX IF EXISTS identity.pk_api_keys_ccold;

REINDEX INDEX CONCURRENTLY identity.pk_api_keys;

ALTER TABLE identity.api_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE identity.api_keys FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON identity.api_keys;

CREATE POLICY tenant ON identity.api_keys FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.api_keys TO agoat_app;

GRANT SELECT ON identity.api_keys TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.api_keys TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS identity.held_forms (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        user_id UUID NOT NULL,
        address TEXT NOT NULL,
        fields JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_held_forms PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_held_forms_user_id
                FOREIGN KEY (user_id)
                REFERENCES identity.users (id) ON DELETE CASCADE
    );

CREATE INDEX IF NOT EXISTS ix_held_forms_user ON identity.held_forms (customer_id, user_id);

DROP INDEX IF EXISTS identity.pk_held_forms_ccnew;

DROP INDEX IF EXISTS identity.pk_held_forms_ccold;

REINDEX INDEX CONCURRENTLY identity.pk_held_forms;

ALTER TABLE identity.held_forms ENABLE ROW LEVEL SECURITY;

ALTER TABLE identity.held_forms FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON identity.held_forms;

CREATE POLICY tenant ON identity.held_forms FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, DELETE ON identity.held_forms TO agoat_app;

GRANT SELECT, DELETE ON identity.held_forms TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.held_forms TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS identity.sessions (
        token_hash BYTEA NOT NULL,
        id UUID NOT NULL,
        user_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        address TEXT NOT NULL,
        agent TEXT NOT NULL,
        CONSTRAINT pk_sessions PRIMARY KEY (token_hash),
        CONSTRAINT fk_sessions_user_id
                FOREIGN KEY (user_id)
                REFERENCES identity.users (id) ON DELETE CASCADE
    );

CREATE INDEX IF NOT EXISTS ix_sessions_user ON identity.sessions (user_id);

DROP INDEX IF EXISTS identity.pk_sessions_ccnew;

DROP INDEX IF EXISTS identity.pk_sessions_ccold;

REINDEX INDEX CONCURRENTLY identity.pk_sessions;

GRANT SELECT, DELETE ON identity.sessions TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.sessions TO agoat_backoffice;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.sessions TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS identity.single_use_links (
        token_hash BYTEA NOT NULL,
        user_id UUID NOT NULL,
        purpose TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        used_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_single_use_links PRIMARY KEY (token_hash),
        CONSTRAINT fk_single_use_links_user_id
                FOREIGN KEY (user_id)
                REFERENCES identity.users (id) ON DELETE CASCADE,
        CONSTRAINT ck_single_use_links_purpose CHECK (purpose IN ('first_password', 'reset'))
    );

CREATE INDEX IF NOT EXISTS ix_single_use_links_user ON identity.single_use_links (user_id);

DROP INDEX IF EXISTS identity.pk_single_use_links_ccnew;

DROP INDEX IF EXISTS identity.pk_single_use_links_ccold;

REINDEX INDEX CONCURRENTLY identity.pk_single_use_links;

GRANT SELECT, DELETE ON identity.single_use_links TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.single_use_links TO agoat_backoffice;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.single_use_links TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS tenancy.sites (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        slug VARCHAR(63) NOT NULL,
        name TEXT NOT NULL,
        state TEXT NOT NULL,
        lang VARCHAR(35) NOT NULL,
        timezone TEXT NOT NULL,
        currency VARCHAR(3) NOT NULL,
        settings JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_sites PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_sites_state CHECK (state IN ('active', 'read_only', 'suspended', 'archived')),
        CONSTRAINT fk_sites_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE UNIQUE INDEX IF NOT EXISTS ux_sites_slug ON tenancy.sites (customer_id, slug);

DROP INDEX IF EXISTS tenancy.pk_sites_ccnew;

DROP INDEX IF EXISTS tenancy.pk_sites_ccold;

REINDEX INDEX CONCURRENTLY tenancy.pk_sites;

ALTER TABLE tenancy.sites ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenancy.sites FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON tenancy.sites;

CREATE POLICY tenant ON tenancy.sites FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.sites TO agoat_app;

GRANT SELECT ON tenancy.sites TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.sites TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.products (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        lang VARCHAR(35) NOT NULL,
        translation_key UUID,
        slug VARCHAR(200) NOT NULL,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        body_source TEXT NOT NULL,
        body_format TEXT NOT NULL,
        brand TEXT NOT NULL,
        category_id UUID,
        tags JSONB NOT NULL,
        fields JSONB NOT NULL,
        tax_rate_percent BIGINT NOT NULL,
        is_featured BOOLEAN NOT NULL,
        state TEXT NOT NULL,
        text_version BIGINT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE,
        created_by UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_products PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_products_body_format CHECK (body_format IN ('html', 'markdown')),
        CONSTRAINT ck_products_state CHECK (state IN ('draft', 'active', 'archived')),
        CONSTRAINT fk_products_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT,
        CONSTRAINT fk_products_customer_id_category_id
                FOREIGN KEY (customer_id, category_id)
                REFERENCES catalog.categories (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_products_category ON catalog.products (customer_id, category_id);

CREATE INDEX IF NOT EXISTS ix_products_translation ON catalog.products (customer_id, translation_key);

CREATE UNIQUE INDEX IF NOT EXISTS ux_products_address ON catalog.products (customer_id, lang, slug);

DROP INDEX IF EXISTS catalog.pk_products_ccnew;

DROP INDEX IF EXISTS catalog.pk_products_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_products;

ALTER TABLE catalog.products ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.products FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.products;

CREATE POLICY tenant ON catalog.products FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.products TO agoat_app;

GRANT SELECT ON catalog.products TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.products TO agoat_backoffice;

GRANT SELECT ON catalog.products TO agoat_reader;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS content.authors (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        slug VARCHAR(120) NOT NULL,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        bio TEXT NOT NULL,
        image_id UUID,
        texts JSONB NOT NULL,
        user_id UUID,
        CONSTRAINT pk_authors PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_authors_customer_id_image_id
                FOREIGN KEY (customer_id, image_id)
                REFERENCES content.media (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_authors_image ON content.authors (customer_id, image_id);

CREATE UNIQUE INDEX IF NOT EXISTS ux_authors_slug ON content.authors (customer_id, slug);

DROP INDEX IF EXISTS content.pk_authors_ccnew;

DROP INDEX IF EXISTS content.pk_authors_ccold;

REINDEX INDEX CONCURRENTLY content.pk_authors;

ALTER TABLE content.authors ENABLE ROW LEVEL SECURITY;

ALTER TABLE content.authors FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON content.authors;

CREATE POLICY tenant ON content.authors FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON content.authors TO agoat_app;

GRANT SELECT ON content.authors TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON content.authors TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS content.media_renditions (
        customer_id UUID NOT NULL,
        media_id UUID NOT NULL,
        purpose TEXT NOT NULL,
        width BIGINT NOT NULL,
        height BIGINT NOT NULL,
        hash VARCHAR(64) NOT NULL,
        name TEXT NOT NULL,
        content_type TEXT NOT NULL,
        bytes BIGINT NOT NULL,
        CONSTRAINT pk_media_renditions PRIMARY KEY (customer_id, media_id, purpose, width),
        CONSTRAINT ck_media_renditions_purpose CHECK (purpose IN ('original', 'rendition', 'sharing', 'icon')),
        CONSTRAINT fk_media_renditions_customer_id_media_id
                FOREIGN KEY (customer_id, media_id)
                REFERENCES content.media (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_media_renditions_hash ON content.media_renditions (customer_id, hash);

DROP INDEX IF EXISTS content.pk_media_renditions_ccnew;

DROP INDEX IF EXISTS content.pk_media_renditions_ccold;

REINDEX INDEX CONCURRENTLY content.pk_media_renditions;

ALTER TABLE content.media_renditions ENABLE ROW LEVEL SECURITY;

ALTER TABLE content.media_renditions FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON content.media_renditions;

CREATE POLICY tenant ON content.media_renditions FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON content.media_renditions TO agoat_app;

GRANT SELECT ON content.media_renditions TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON content.media_renditions TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS content.menus (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        lang VARCHAR(35) NOT NULL,
        name VARCHAR(63) NOT NULL,
        items JSONB NOT NULL,
        CONSTRAINT pk_menus PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_menus_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE UNIQUE INDEX IF NOT EXISTS ux_menus_name ON content.menus (customer_id, site_id, lang, name);

DROP INDEX IF EXISTS content.pk_menus_ccnew;

DROP INDEX IF EXISTS content.pk_menus_ccold;

REINDEX INDEX CONCURRENTLY content.pk_menus;

ALTER TABLE content.menus ENABLE ROW LEVEL SECURITY;

ALTER TABLE content.menus FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON content.menus;

CREATE POLICY tenant ON content.menus FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON content.menus TO agoat_app;

GRANT SELECT ON content.menus TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON content.menus TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS content.tags (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        slug VARCHAR(120) NOT NULL,
        label TEXT NOT NULL,
        labels JSONB NOT NULL,
        summary TEXT NOT NULL,
        CONSTRAINT pk_tags PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_tags_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE UNIQUE INDEX IF NOT EXISTS ux_tags_slug ON content.tags (customer_id, site_id, slug);

DROP INDEX IF EXISTS content.pk_tags_ccnew;

DROP INDEX IF EXISTS content.pk_tags_ccold;

REINDEX INDEX CONCURRENTLY content.pk_tags;

ALTER TABLE content.tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE content.tags FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON content.tags;

CREATE POLICY tenant ON content.tags FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON content.tags TO agoat_app;

GRANT SELECT ON content.tags TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON content.tags TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS identity.key_hashes (
        hash BYTEA NOT NULL,
        customer_id UUID NOT NULL,
        key_id UUID NOT NULL,
        CONSTRAINT pk_key_hashes PRIMARY KEY (hash),
        CONSTRAINT fk_key_hashes_customer_id_key_id
                FOREIGN KEY (customer_id, key_id)
                REFERENCES identity.api_keys (customer_id, id) ON DELETE CASCADE
    );

CREATE UNIQUE INDEX IF NOT EXISTS ux_key_hashes_key ON identity.key_hashes (customer_id, key_id);

DROP INDEX IF EXISTS identity.pk_key_hashes_ccnew;

DROP INDEX IF EXISTS identity.pk_key_hashes_ccold;

REINDEX INDEX CONCURRENTLY identity.pk_key_hashes;

ALTER TABLE identity.key_hashes ENABLE ROW LEVEL SECURITY;

ALTER TABLE identity.key_hashes FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON identity.key_hashes;

CREATE POLICY tenant ON identity.key_hashes FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

DROP POLICY IF EXISTS directory ON identity.key_hashes;

CREATE POLICY directory ON identity.key_hashes FOR ALL TO agoat_directory USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, DELETE ON identity.key_hashes TO agoat_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.key_hashes TO agoat_backoffice;

GRANT SELECT ON identity.key_hashes TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS identity.memberships (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        user_id UUID NOT NULL,
        role TEXT NOT NULL,
        site_id UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_memberships PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_memberships_role CHECK (role IN ('reader', 'author', 'editor', 'owner')),
        CONSTRAINT fk_memberships_user_id
                FOREIGN KEY (user_id)
                REFERENCES identity.users (id) ON DELETE RESTRICT,
        CONSTRAINT fk_memberships_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT,
        CONSTRAINT fk_memberships_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_memberships_of_user ON identity.memberships (user_id, customer_id);

CREATE INDEX IF NOT EXISTS ix_memberships_site ON identity.memberships (customer_id, site_id);

CREATE UNIQUE INDEX IF NOT EXISTS ux_memberships_user ON identity.memberships (customer_id, user_id);

DROP INDEX IF EXISTS identity.pk_memberships_ccnew;

DROP INDEX IF EXISTS identity.pk_memberships_ccold;

REINDEX INDEX CONCURRENTLY identity.pk_memberships;

ALTER TABLE identity.memberships ENABLE ROW LEVEL SECURITY;

ALTER TABLE identity.memberships FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON identity.memberships;

CREATE POLICY tenant ON identity.memberships FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

DROP POLICY IF EXISTS directory ON identity.memberships;

CREATE POLICY directory ON identity.memberships FOR ALL TO agoat_directory USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.memberships TO agoat_app;

GRANT SELECT ON identity.memberships TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON identity.memberships TO agoat_backoffice;

GRANT SELECT ON identity.memberships TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.imports (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID,
        source TEXT NOT NULL,
        file_name TEXT NOT NULL,
        state TEXT NOT NULL,
        counts JSONB NOT NULL,
        change_set_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        finished_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_imports PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_imports_state CHECK (state IN ('running', 'done', 'failed')),
        CONSTRAINT fk_imports_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_imports_site ON ops.imports (customer_id, site_id);

DROP INDEX IF EXISTS ops.pk_imports_ccnew;

DROP INDEX IF EXISTS ops.pk_imports_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_imports;

ALTER TABLE ops.imports ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.imports FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.imports;

CREATE POLICY tenant ON ops.imports FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.imports TO agoat_app;

GRANT SELECT ON ops.imports TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.imports TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS tenancy.domains (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        host VARCHAR(253) NOT NULL,
        is_primary BOOLEAN NOT NULL,
        is_built_in BOOLEAN NOT NULL,
        state TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_domains PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_domains_host_lower CHECK (host = lower(host)),
        CONSTRAINT ck_domains_state CHECK (state IN ('claimed', 'dns_seen', 'proven', 'certified', 'live', 'failing', 'released')),
        CONSTRAINT fk_domains_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_domains_site ON tenancy.domains (customer_id, site_id);

CREATE UNIQUE INDEX IF NOT EXISTS ux_domains_host ON tenancy.domains (host);

DROP INDEX IF EXISTS tenancy.pk_domains_ccnew;

DROP INDEX IF EXISTS tenancy.pk_domains_ccold;

REINDEX INDEX CONCURRENTLY tenancy.pk_domains;

ALTER TABLE tenancy.domains ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenancy.domains FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON tenancy.domains;

CREATE POLICY tenant ON tenancy.domains FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

DROP POLICY IF EXISTS directory ON tenancy.domains;

CREATE POLICY directory ON tenancy.domains FOR ALL TO agoat_directory USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.domains TO agoat_app;

GRANT SELECT ON tenancy.domains TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.domains TO agoat_backoffice;

GRANT SELECT ON tenancy.domains TO agoat_directory;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS tenancy.site_languages (
        customer_id UUID NOT NULL,
        site_id UUID NOT NULL,
        lang VARCHAR(35) NOT NULL,
        position BIGINT NOT NULL,
        texts JSONB NOT NULL,
        CONSTRAINT pk_site_languages PRIMARY KEY (customer_id, site_id, lang),
        CONSTRAINT fk_site_languages_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70);

DROP INDEX IF EXISTS tenancy.pk_site_languages_ccnew;

DROP INDEX IF EXISTS tenancy.pk_site_languages_ccold;

REINDEX INDEX CONCURRENTLY tenancy.pk_site_languages;

ALTER TABLE tenancy.site_languages ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenancy.site_languages FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON tenancy.site_languages;

CREATE POLICY tenant ON tenancy.site_languages FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.site_languages TO agoat_app;

GRANT SELECT ON tenancy.site_languages TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.site_languages TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS tenancy.theme_settings (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        theme TEXT NOT NULL,
        settings JSONB NOT NULL,
        CONSTRAINT pk_theme_settings PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_theme_settings_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70);

CREATE UNIQUE INDEX IF NOT EXISTS ux_theme_settings_site ON tenancy.theme_settings (customer_id, site_id);

DROP INDEX IF EXISTS tenancy.pk_theme_settings_ccnew;

DROP INDEX IF EXISTS tenancy.pk_theme_settings_ccold;

REINDEX INDEX CONCURRENTLY tenancy.pk_theme_settings;

ALTER TABLE tenancy.theme_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE tenancy.theme_settings FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON tenancy.theme_settings;

CREATE POLICY tenant ON tenancy.theme_settings FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.theme_settings TO agoat_app;

GRANT SELECT ON tenancy.theme_settings TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.theme_settings TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.options (
        customer_id UUID NOT NULL,
        product_id UUID NOT NULL,
        code VARCHAR(63) NOT NULL,
        label TEXT NOT NULL,
        choices JSONB NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_options PRIMARY KEY (customer_id, product_id, code),
        CONSTRAINT fk_options_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70);

DROP INDEX IF EXISTS catalog.pk_options_ccnew;

DROP INDEX IF EXISTS catalog.pk_options_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_options;

ALTER TABLE catalog.options ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.options FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.options;

CREATE POLICY tenant ON catalog.options FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.options TO agoat_app;

GRANT SELECT ON catalog.options TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.options TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.product_images (
        customer_id UUID NOT NULL,
        product_id UUID NOT NULL,
        media_id UUID NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_product_images PRIMARY KEY (customer_id, product_id, media_id),
        CONSTRAINT fk_product_images_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_product_images_customer_id_media_id
                FOREIGN KEY (customer_id, media_id)
                REFERENCES content.media (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_product_images_media ON catalog.product_images (customer_id, media_id);

DROP INDEX IF EXISTS catalog.pk_product_images_ccnew;

DROP INDEX IF EXISTS catalog.pk_product_images_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_product_images;

ALTER TABLE catalog.product_images ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.product_images FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.product_images;

CREATE POLICY tenant ON catalog.product_images FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.product_images TO agoat_app;

GRANT SELECT ON catalog.product_images TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.product_images TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.product_posts (
        customer_id UUID NOT NULL,
        product_id UUID NOT NULL,
        post_id UUID NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_product_posts PRIMARY KEY (customer_id, product_id, post_id),
        CONSTRAINT fk_product_posts_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_product_posts_post ON catalog.product_posts (customer_id, post_id);

DROP INDEX IF EXISTS catalog.pk_product_posts_ccnew;

DROP INDEX IF EXISTS catalog.pk_product_posts_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_product_posts;

ALTER TABLE catalog.product_posts ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.product_posts FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.product_posts;

CREATE POLICY tenant ON catalog.product_posts FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.product_posts TO agoat_app;

GRANT SELECT ON catalog.product_posts TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.product_posts TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.product_publications (
        customer_id UUID NOT NULL,
        site_id UUID NOT NULL,
        product_id UUID NOT NULL,
        lang VARCHAR(35) NOT NULL,
        translation_key UUID,
        slug VARCHAR(200) NOT NULL,
        title TEXT NOT NULL,
        category TEXT NOT NULL,
        text_version BIGINT NOT NULL,
        offer_version BIGINT NOT NULL,
        render_version BIGINT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        text JSONB NOT NULL,
        offer JSONB NOT NULL,
        CONSTRAINT pk_product_publications PRIMARY KEY (customer_id, site_id, product_id),
        CONSTRAINT fk_product_publications_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT,
        CONSTRAINT fk_product_publications_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_product_publications_newest
        ON catalog.product_publications (customer_id, site_id, lang, published_at DESC, product_id DESC);

CREATE INDEX IF NOT EXISTS ix_product_publications_product ON catalog.product_publications (customer_id, product_id);

CREATE INDEX IF NOT EXISTS ix_product_publications_translation ON catalog.product_publications (customer_id, translation_key);

CREATE UNIQUE INDEX IF NOT EXISTS ux_product_publications_address
        ON catalog.product_publications (customer_id, site_id, lang, slug);

DROP INDEX IF EXISTS catalog.pk_product_publications_ccnew;

DROP INDEX IF EXISTS catalog.pk_product_publications_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_product_publications;

ALTER TABLE catalog.product_publications ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.product_publications FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.product_publications;

CREATE POLICY tenant ON catalog.product_publications FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.product_publications TO agoat_app;

GRANT SELECT ON catalog.product_publications TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.product_publications TO agoat_backoffice;

GRANT SELECT ON catalog.product_publications TO agoat_reader;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.product_sites (
        customer_id UUID NOT NULL,
        product_id UUID NOT NULL,
        site_id UUID NOT NULL,
        CONSTRAINT pk_product_sites PRIMARY KEY (customer_id, product_id, site_id),
        CONSTRAINT fk_product_sites_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_product_sites_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_product_sites_site ON catalog.product_sites (customer_id, site_id);

DROP INDEX IF EXISTS catalog.pk_product_sites_ccnew;

DROP INDEX IF EXISTS catalog.pk_product_sites_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_product_sites;

ALTER TABLE catalog.product_sites ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.product_sites FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.product_sites;

CREATE POLICY tenant ON catalog.product_sites FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.product_sites TO agoat_app;

GRANT SELECT ON catalog.product_sites TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.product_sites TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.variants (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        product_id UUID NOT NULL,
        sku VARCHAR(100) NOT NULL,
        sku_norm VARCHAR(100) NOT NULL,
        gtin VARCHAR(14),
        option_values JSONB NOT NULL,
        unit_measure JSONB,
        weight_g BIGINT,
        images JSONB NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_variants PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_variants_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_variants_product ON catalog.variants (customer_id, product_id, position);

CREATE UNIQUE INDEX IF NOT EXISTS ux_variants_sku ON catalog.variants (customer_id, sku_norm);

DROP INDEX IF EXISTS catalog.pk_variants_ccnew;

DROP INDEX IF EXISTS catalog.pk_variants_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_variants;

ALTER TABLE catalog.variants ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.variants FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.variants;

CREATE POLICY tenant ON catalog.variants FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.variants TO agoat_app;

GRANT SELECT ON catalog.variants TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.variants TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS content.posts (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        kind TEXT NOT NULL,
        lang VARCHAR(35) NOT NULL,
        translation_key UUID,
        slug VARCHAR(200) NOT NULL,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        body_source TEXT NOT NULL,
        body_format TEXT NOT NULL,
        state TEXT NOT NULL,
        author_id UUID,
        cover_id UUID,
        seo_title TEXT NOT NULL,
        fields JSONB NOT NULL,
        is_featured BOOLEAN NOT NULL,
        position BIGINT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE,
        created_by UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_posts PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_posts_kind CHECK (kind IN ('post', 'page')),
        CONSTRAINT ck_posts_body_format CHECK (body_format IN ('html', 'markdown')),
        CONSTRAINT ck_posts_state CHECK (state IN ('draft', 'trashed')),
        CONSTRAINT fk_posts_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT,
        CONSTRAINT fk_posts_customer_id_author_id
                FOREIGN KEY (customer_id, author_id)
                REFERENCES content.authors (customer_id, id) ON DELETE RESTRICT,
        CONSTRAINT fk_posts_customer_id_cover_id
                FOREIGN KEY (customer_id, cover_id)
                REFERENCES content.media (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_posts_author ON content.posts (customer_id, author_id);

CREATE INDEX IF NOT EXISTS ix_posts_cover ON content.posts (customer_id, cover_id);

CREATE INDEX IF NOT EXISTS ix_posts_translation ON content.posts (customer_id, translation_key);

CREATE INDEX IF NOT EXISTS ix_posts_trashed ON content.posts (customer_id, id) WHERE state = 'trashed';

CREATE UNIQUE INDEX IF NOT EXISTS ux_posts_address ON content.posts (customer_id, site_id, lang, kind, slug) WHERE state = 'draft';

DROP INDEX IF EXISTS content.pk_posts_ccnew;

DROP INDEX IF EXISTS content.pk_posts_ccold;

REINDEX INDEX CONCURRENTLY content.pk_posts;

ALTER TABLE content.posts ENABLE ROW LEVEL SECURITY;

ALTER TABLE content.posts FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON content.posts;

CREATE POLICY tenant ON content.posts FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON content.posts TO agoat_app;

GRANT SELECT ON content.posts TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON content.posts TO agoat_backoffice;

GRANT SELECT ON content.posts TO agoat_reader;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS content.publication_tags (
        customer_id UUID NOT NULL,
        post_id UUID NOT NULL,
        tag_id UUID NOT NULL,
        lang VARCHAR(35) NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_publication_tags PRIMARY KEY (customer_id, post_id, tag_id),
        CONSTRAINT fk_publication_tags_customer_id_tag_id
                FOREIGN KEY (customer_id, tag_id)
                REFERENCES content.tags (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_publication_tags_newest
        ON content.publication_tags (customer_id, tag_id, lang, published_at DESC, post_id DESC);

DROP INDEX IF EXISTS content.pk_publication_tags_ccnew;

DROP INDEX IF EXISTS content.pk_publication_tags_ccold;

REINDEX INDEX CONCURRENTLY content.pk_publication_tags;

ALTER TABLE content.publication_tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE content.publication_tags FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON content.publication_tags;

CREATE POLICY tenant ON content.publication_tags FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON content.publication_tags TO agoat_app;

GRANT SELECT ON content.publication_tags TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON content.publication_tags TO agoat_backoffice;

GRANT SELECT ON content.publication_tags TO agoat_reader;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.prices (
        customer_id UUID NOT NULL,
        variant_id UUID NOT NULL,
        kind TEXT NOT NULL,
        amount BIGINT NOT NULL,
        currency VARCHAR(3) NOT NULL,
        starts_at TIMESTAMP WITH TIME ZONE,
        ends_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_prices PRIMARY KEY (customer_id, variant_id, kind),
        CONSTRAINT ck_prices_kind CHECK (kind IN ('retail', 'wholesale', 'sale')),
        CONSTRAINT ck_prices_amount CHECK (amount >= 0 AND amount <= 9007199254740991),
        CONSTRAINT fk_prices_customer_id_variant_id
                FOREIGN KEY (customer_id, variant_id)
                REFERENCES catalog.variants (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70);

DROP INDEX IF EXISTS catalog.pk_prices_ccnew;

DROP INDEX IF EXISTS catalog.pk_prices_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_prices;

ALTER TABLE catalog.prices ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.prices FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.prices;

CREATE POLICY tenant ON catalog.prices FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.prices TO agoat_app;

GRANT SELECT ON catalog.prices TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.prices TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS catalog.stock (
        customer_id UUID NOT NULL,
        variant_id UUID NOT NULL,
        on_hand BIGINT,
        availability TEXT NOT NULL,
        available_from DATE,
        CONSTRAINT pk_stock PRIMARY KEY (customer_id, variant_id),
        CONSTRAINT ck_stock_availability CHECK (availability IN ('in_stock', 'out_of_stock', 'backorder', 'preorder')),
        CONSTRAINT fk_stock_customer_id_variant_id
                FOREIGN KEY (customer_id, variant_id)
                REFERENCES catalog.variants (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70);

DROP INDEX IF EXISTS catalog.pk_stock_ccnew;

DROP INDEX IF EXISTS catalog.pk_stock_ccold;

REINDEX INDEX CONCURRENTLY catalog.pk_stock;

ALTER TABLE catalog.stock ENABLE ROW LEVEL SECURITY;

ALTER TABLE catalog.stock FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON catalog.stock;

CREATE POLICY tenant ON catalog.stock FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.stock TO agoat_app;

GRANT SELECT ON catalog.stock TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON catalog.stock TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS content.post_tags (
        customer_id UUID NOT NULL,
        post_id UUID NOT NULL,
        tag_id UUID NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_post_tags PRIMARY KEY (customer_id, post_id, tag_id),
        CONSTRAINT fk_post_tags_customer_id_post_id
                FOREIGN KEY (customer_id, post_id)
                REFERENCES content.posts (customer_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_post_tags_customer_id_tag_id
                FOREIGN KEY (customer_id, tag_id)
                REFERENCES content.tags (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_post_tags_tag ON content.post_tags (customer_id, tag_id);

DROP INDEX IF EXISTS content.pk_post_tags_ccnew;

DROP INDEX IF EXISTS content.pk_post_tags_ccold;

REINDEX INDEX CONCURRENTLY content.pk_post_tags;

ALTER TABLE content.post_tags ENABLE ROW LEVEL SECURITY;

ALTER TABLE content.post_tags FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON content.post_tags;

CREATE POLICY tenant ON content.post_tags FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON content.post_tags TO agoat_app;

GRANT SELECT ON content.post_tags TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON content.post_tags TO agoat_backoffice;

GRANT SELECT ON content.post_tags TO agoat_reader;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS content.publications (
        customer_id UUID NOT NULL,
        post_id UUID NOT NULL,
        site_id UUID NOT NULL,
        kind TEXT NOT NULL,
        lang VARCHAR(35) NOT NULL,
        translation_key UUID,
        slug VARCHAR(200) NOT NULL,
        version BIGINT NOT NULL,
        render_version BIGINT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        title TEXT NOT NULL,
        snapshot JSONB NOT NULL,
        CONSTRAINT pk_publications PRIMARY KEY (customer_id, post_id),
        CONSTRAINT ck_publications_kind CHECK (kind IN ('post', 'page')),
        CONSTRAINT fk_publications_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT,
        CONSTRAINT fk_publications_customer_id_post_id
                FOREIGN KEY (customer_id, post_id)
                REFERENCES content.posts (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70);

CREATE INDEX IF NOT EXISTS ix_publications_newest
        ON content.publications (customer_id, site_id, kind, lang, published_at DESC, post_id DESC);

CREATE INDEX IF NOT EXISTS ix_publications_translation ON content.publications (customer_id, translation_key);

CREATE UNIQUE INDEX IF NOT EXISTS ux_publications_address ON content.publications (customer_id, site_id, lang, kind, slug);

DROP INDEX IF EXISTS content.pk_publications_ccnew;

DROP INDEX IF EXISTS content.pk_publications_ccold;

REINDEX INDEX CONCURRENTLY content.pk_publications;

ALTER TABLE content.publications ENABLE ROW LEVEL SECURITY;

ALTER TABLE content.publications FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON content.publications;

CREATE POLICY tenant ON content.publications FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT, INSERT, UPDATE, DELETE ON content.publications TO agoat_app;

GRANT SELECT ON content.publications TO agoat_worker;

GRANT SELECT, INSERT, UPDATE, DELETE ON content.publications TO agoat_backoffice;

GRANT SELECT ON content.publications TO agoat_reader;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS content.newest_publications(uuid, text, text, timestamptz, uuid, bigint);

CREATE FUNCTION content.newest_publications(wanted_site uuid, wanted_kind text, wanted_lang text, edge_at timestamptz, edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT p.post_id, p.published_at FROM content.publications p
    WHERE p.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND p.site_id = wanted_site AND p.kind = wanted_kind AND p.lang = wanted_lang
      AND (p.published_at, p.post_id) < (edge_at, edge_id)
    ORDER BY p.published_at DESC, p.post_id DESC LIMIT how_many

$$;

REVOKE ALL ON FUNCTION content.newest_publications(uuid, text, text, timestamptz, uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION content.newest_publications(uuid, text, text, timestamptz, uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS content.newer_publications(uuid, text, text, timestamptz, uuid, bigint);

CREATE FUNCTION content.newer_publications(wanted_site uuid, wanted_kind text, wanted_lang text, edge_at timestamptz, edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT p.post_id, p.published_at FROM content.publications p
    WHERE p.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND p.site_id = wanted_site AND p.kind = wanted_kind AND p.lang = wanted_lang
      AND (p.published_at, p.post_id) > (edge_at, edge_id)
    ORDER BY p.published_at ASC, p.post_id ASC LIMIT how_many

$$;

REVOKE ALL ON FUNCTION content.newer_publications(uuid, text, text, timestamptz, uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION content.newer_publications(uuid, text, text, timestamptz, uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS content.newest_tagged(uuid, text, timestamptz, uuid, bigint);

CREATE FUNCTION content.newest_tagged(wanted_tag uuid, wanted_lang text, edge_at timestamptz, edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT t.post_id, t.published_at FROM content.publication_tags t
    WHERE t.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND t.tag_id = wanted_tag AND t.lang = wanted_lang
      AND (t.published_at, t.post_id) < (edge_at, edge_id)
    ORDER BY t.published_at DESC, t.post_id DESC LIMIT how_many

$$;

REVOKE ALL ON FUNCTION content.newest_tagged(uuid, text, timestamptz, uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION content.newest_tagged(uuid, text, timestamptz, uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS content.newer_tagged(uuid, text, timestamptz, uuid, bigint);

CREATE FUNCTION content.newer_tagged(wanted_tag uuid, wanted_lang text, edge_at timestamptz, edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT t.post_id, t.published_at FROM content.publication_tags t
    WHERE t.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND t.tag_id = wanted_tag AND t.lang = wanted_lang
      AND (t.published_at, t.post_id) > (edge_at, edge_id)
    ORDER BY t.published_at ASC, t.post_id ASC LIMIT how_many

$$;

REVOKE ALL ON FUNCTION content.newer_tagged(uuid, text, timestamptz, uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION content.newer_tagged(uuid, text, timestamptz, uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS catalog.newest_products(uuid, text, timestamptz, uuid, bigint);

CREATE FUNCTION catalog.newest_products(wanted_site uuid, wanted_lang text, edge_at timestamptz, edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT p.product_id, p.published_at FROM catalog.product_publications p
    WHERE p.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND p.site_id = wanted_site AND p.lang = wanted_lang
      AND (p.published_at, p.product_id) < (edge_at, edge_id)
    ORDER BY p.published_at DESC, p.product_id DESC LIMIT how_many

$$;

REVOKE ALL ON FUNCTION catalog.newest_products(uuid, text, timestamptz, uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION catalog.newest_products(uuid, text, timestamptz, uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS catalog.newer_products(uuid, text, timestamptz, uuid, bigint);

CREATE FUNCTION catalog.newer_products(wanted_site uuid, wanted_lang text, edge_at timestamptz, edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT p.product_id, p.published_at FROM catalog.product_publications p
    WHERE p.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND p.site_id = wanted_site AND p.lang = wanted_lang
      AND (p.published_at, p.product_id) > (edge_at, edge_id)
    ORDER BY p.published_at ASC, p.product_id ASC LIMIT how_many

$$;

REVOKE ALL ON FUNCTION catalog.newer_products(uuid, text, timestamptz, uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION catalog.newer_products(uuid, text, timestamptz, uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS content.recent_posts(uuid, text, text, text, uuid, uuid, timestamptz, uuid, bigint);

CREATE FUNCTION content.recent_posts(wanted_site uuid, wanted_kind text, wanted_view text, wanted_words text, wanted_author uuid, wanted_tag uuid, edge_at timestamptz, edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT v.thing_id, v.at FROM content.post_versions v
    JOIN content.posts p ON p.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND p.id = v.thing_id AND p.version = v.version
    LEFT JOIN content.publications l ON l.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND l.post_id = p.id
    WHERE v.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND v.site_id = wanted_site AND p.kind = wanted_kind
      AND (v.at, v.thing_id) < (edge_at, edge_id)
      AND p.state = CASE WHEN wanted_view = 'trash' THEN 'trashed' ELSE 'draft' END
      AND (wanted_view NOT IN ('live', 'waiting') OR l.post_id IS NOT NULL)
      AND (wanted_view <> 'drafts' OR l.post_id IS NULL)
      AND (wanted_view <> 'waiting' OR l.version < p.version)
      AND (wanted_words = '' OR position(lower(wanted_words) IN lower(p.title)) > 0)
      AND (wanted_author = '00000000-0000-0000-0000-000000000000'::uuid OR p.author_id = wanted_author)
      AND (wanted_tag = '00000000-0000-0000-0000-000000000000'::uuid OR p.id IN (
        SELECT t.post_id FROM content.post_tags t WHERE t.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND t.tag_id = wanted_tag))
    ORDER BY v.at DESC, v.thing_id DESC LIMIT how_many

$$;

REVOKE ALL ON FUNCTION content.recent_posts(uuid, text, text, text, uuid, uuid, timestamptz, uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION content.recent_posts(uuid, text, text, text, uuid, uuid, timestamptz, uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS content.posts_page(text, uuid, uuid, bigint);

CREATE FUNCTION content.posts_page(wanted_kind text, wanted_site uuid, edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT p.id, p.created_at FROM content.posts p
    WHERE p.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND p.state = 'draft' AND p.kind = wanted_kind AND p.id > edge_id
      AND (wanted_site = '00000000-0000-0000-0000-000000000000'::uuid OR p.site_id = wanted_site)
    ORDER BY p.id LIMIT how_many

$$;

REVOKE ALL ON FUNCTION content.posts_page(text, uuid, uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION content.posts_page(text, uuid, uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS catalog.recent_products(text, text, timestamptz, uuid, bigint);

CREATE FUNCTION catalog.recent_products(wanted_state text, wanted_words text, edge_at timestamptz, edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT v.thing_id, v.at FROM catalog.product_versions v
    JOIN catalog.products p ON p.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND p.id = v.thing_id AND p.version = v.version
    WHERE v.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND (v.at, v.thing_id) < (edge_at, edge_id)
      AND (wanted_state = '' OR p.state = wanted_state)
      AND (wanted_words = '' OR position(lower(wanted_words) IN lower(p.title)) > 0)
    ORDER BY v.at DESC, v.thing_id DESC LIMIT how_many

$$;

REVOKE ALL ON FUNCTION catalog.recent_products(text, text, timestamptz, uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION catalog.recent_products(text, text, timestamptz, uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS catalog.products_page(uuid, bigint);

CREATE FUNCTION catalog.products_page(edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT p.id, p.created_at FROM catalog.products p
    WHERE p.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND p.id > edge_id
    ORDER BY p.id LIMIT how_many

$$;

REVOKE ALL ON FUNCTION catalog.products_page(uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION catalog.products_page(uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_reader;

DROP FUNCTION IF EXISTS audit.recent_change_sets(timestamptz, uuid, bigint);

CREATE FUNCTION audit.recent_change_sets(edge_at timestamptz, edge_id uuid, how_many bigint) RETURNS TABLE (id uuid, at timestamptz) LANGUAGE SQL STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog, pg_temp AS $$

    SELECT s.id, s.at FROM audit.change_sets s
    WHERE s.customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid AND (s.at, s.id) < (edge_at, edge_id)
    ORDER BY s.at DESC, s.id DESC LIMIT how_many

$$;

REVOKE ALL ON FUNCTION audit.recent_change_sets(timestamptz, uuid, bigint) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION audit.recent_change_sets(timestamptz, uuid, bigint) TO agoat_app;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS audit.seals (
        customer_id UUID NOT NULL,
        number BIGINT NOT NULL,
        first_number BIGINT NOT NULL,
        last_number BIGINT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        previous BYTEA NOT NULL,
        hash BYTEA NOT NULL,
        entries BYTEA NOT NULL,
        marks BYTEA NOT NULL,
        salts BYTEA NOT NULL,
        CONSTRAINT pk_seals PRIMARY KEY (customer_id, number)
    );

DROP INDEX IF EXISTS audit.pk_seals_ccnew;

DROP INDEX IF EXISTS audit.pk_seals_ccold;

REINDEX INDEX CONCURRENTLY audit.pk_seals;

ALTER TABLE audit.seals ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit.seals FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON audit.seals;

CREATE POLICY tenant ON audit.seals FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT ON audit.seals TO agoat_app;

GRANT SELECT, INSERT ON audit.seals TO agoat_worker;

GRANT SELECT, UPDATE, DELETE ON audit.seals TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS audit.seal_heads (
        customer_id UUID NOT NULL,
        number BIGINT NOT NULL,
        last_number BIGINT NOT NULL,
        marks BIGINT NOT NULL,
        hash BYTEA NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_seal_heads PRIMARY KEY (customer_id)
    );

DROP INDEX IF EXISTS audit.pk_seal_heads_ccnew;

DROP INDEX IF EXISTS audit.pk_seal_heads_ccold;

REINDEX INDEX CONCURRENTLY audit.pk_seal_heads;

ALTER TABLE audit.seal_heads ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit.seal_heads FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON audit.seal_heads;

CREATE POLICY tenant ON audit.seal_heads FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT ON audit.seal_heads TO agoat_app;

GRANT SELECT, INSERT, UPDATE ON audit.seal_heads TO agoat_worker;

GRANT SELECT, DELETE ON audit.seal_heads TO agoat_backoffice;

RESET ROLE;

SET ROLE agoat_owner;

CREATE TABLE IF NOT EXISTS ops.usage (
        customer_id UUID NOT NULL,
        number BIGINT NOT NULL,
        sites BIGINT NOT NULL,
        posts BIGINT NOT NULL,
        products BIGINT NOT NULL,
        pictures BIGINT NOT NULL,
        storage_bytes BIGINT NOT NULL,
        active_at TIMESTAMP WITH TIME ZONE,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_usage PRIMARY KEY (customer_id)
    );

DROP INDEX IF EXISTS ops.pk_usage_ccnew;

DROP INDEX IF EXISTS ops.pk_usage_ccold;

REINDEX INDEX CONCURRENTLY ops.pk_usage;

ALTER TABLE ops.usage ENABLE ROW LEVEL SECURITY;

ALTER TABLE ops.usage FORCE ROW LEVEL SECURITY;

DROP POLICY IF EXISTS tenant ON ops.usage;

CREATE POLICY tenant ON ops.usage FOR ALL TO agoat_app USING (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid) WITH CHECK (customer_id = NULLIF(current_setting('app.customer_id', true), '')::uuid);

GRANT SELECT ON ops.usage TO agoat_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON ops.usage TO agoat_worker;

GRANT SELECT, DELETE ON ops.usage TO agoat_backoffice;

RESET ROLE;

