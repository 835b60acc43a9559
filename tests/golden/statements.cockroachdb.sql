-- app: catalog.categories.remove
DELETE FROM catalog.categories WHERE catalog.categories.customer_id = %(customer_id)s::UUID AND catalog.categories.id = %(id)s::UUID AND catalog.categories.version = %(version)s::BIGINT;

-- app: catalog.field_definitions.remove
DELETE FROM catalog.field_definitions WHERE catalog.field_definitions.customer_id = %(customer_id)s::UUID AND catalog.field_definitions.id = %(id)s::UUID AND catalog.field_definitions.version = %(version)s::BIGINT;

-- app: catalog.options.remove
DELETE FROM catalog.options WHERE catalog.options.customer_id = %(customer_id)s::UUID AND catalog.options.product_id = %(product_id)s::UUID AND catalog.options.code = %(code)s::VARCHAR;

-- app: catalog.prices.remove
DELETE FROM catalog.prices WHERE catalog.prices.customer_id = %(customer_id)s::UUID AND catalog.prices.variant_id = %(variant_id)s::UUID AND catalog.prices.kind = %(kind)s::VARCHAR;

-- app: catalog.product_images.remove
DELETE FROM catalog.product_images WHERE catalog.product_images.customer_id = %(customer_id)s::UUID AND catalog.product_images.product_id = %(product_id)s::UUID AND catalog.product_images.media_id = %(media_id)s::UUID;

-- app: catalog.product_posts.remove
DELETE FROM catalog.product_posts WHERE catalog.product_posts.customer_id = %(customer_id)s::UUID AND catalog.product_posts.product_id = %(product_id)s::UUID AND catalog.product_posts.post_id = %(post_id)s::UUID;

-- app: catalog.product_publications.remove
DELETE FROM catalog.product_publications WHERE catalog.product_publications.customer_id = %(customer_id)s::UUID AND catalog.product_publications.site_id = %(site_id)s::UUID AND catalog.product_publications.product_id = %(product_id)s::UUID;

-- app: catalog.product_sites.remove
DELETE FROM catalog.product_sites WHERE catalog.product_sites.customer_id = %(customer_id)s::UUID AND catalog.product_sites.product_id = %(product_id)s::UUID AND catalog.product_sites.site_id = %(site_id)s::UUID;

-- app: catalog.products.remove
DELETE FROM catalog.products WHERE catalog.products.customer_id = %(customer_id)s::UUID AND catalog.products.id = %(id)s::UUID AND catalog.products.version = %(version)s::BIGINT;

-- app: catalog.stock.remove
DELETE FROM catalog.stock WHERE catalog.stock.customer_id = %(customer_id)s::UUID AND catalog.stock.variant_id = %(variant_id)s::UUID;

-- app: catalog.variants.remove
DELETE FROM catalog.variants WHERE catalog.variants.customer_id = %(customer_id)s::UUID AND catalog.variants.id = %(id)s::UUID;

-- app: content.authors.remove
DELETE FROM content.authors WHERE content.authors.customer_id = %(customer_id)s::UUID AND content.authors.id = %(id)s::UUID AND content.authors.version = %(version)s::BIGINT;

-- app: content.media.remove
DELETE FROM content.media WHERE content.media.customer_id = %(customer_id)s::UUID AND content.media.id = %(id)s::UUID AND content.media.version = %(version)s::BIGINT;

-- app: content.media_renditions.remove
DELETE FROM content.media_renditions WHERE content.media_renditions.customer_id = %(customer_id)s::UUID AND content.media_renditions.media_id = %(media_id)s::UUID AND content.media_renditions.purpose = %(purpose)s::VARCHAR AND content.media_renditions.width = %(width)s::BIGINT;

-- app: content.menus.remove
DELETE FROM content.menus WHERE content.menus.customer_id = %(customer_id)s::UUID AND content.menus.id = %(id)s::UUID AND content.menus.version = %(version)s::BIGINT;

-- app: content.post_tags.remove
DELETE FROM content.post_tags WHERE content.post_tags.customer_id = %(customer_id)s::UUID AND content.post_tags.post_id = %(post_id)s::UUID AND content.post_tags.tag_id = %(tag_id)s::UUID;

-- app: content.posts.remove
DELETE FROM content.posts WHERE content.posts.customer_id = %(customer_id)s::UUID AND content.posts.id = %(id)s::UUID AND content.posts.version = %(version)s::BIGINT;

-- app: content.publication_tags.remove
DELETE FROM content.publication_tags WHERE content.publication_tags.customer_id = %(customer_id)s::UUID AND content.publication_tags.post_id = %(post_id)s::UUID AND content.publication_tags.tag_id = %(tag_id)s::UUID;

-- app: content.publications.remove
DELETE FROM content.publications WHERE content.publications.customer_id = %(customer_id)s::UUID AND content.publications.post_id = %(post_id)s::UUID;

-- app: content.tags.remove
DELETE FROM content.tags WHERE content.tags.customer_id = %(customer_id)s::UUID AND content.tags.id = %(id)s::UUID AND content.tags.version = %(version)s::BIGINT;

-- app: identity.api_keys.remove
DELETE FROM identity.api_keys WHERE identity.api_keys.customer_id = %(customer_id)s::UUID AND identity.api_keys.id = %(id)s::UUID AND identity.api_keys.version = %(version)s::BIGINT;

-- app: identity.held_forms.remove
DELETE FROM identity.held_forms WHERE identity.held_forms.customer_id = %(customer_id)s::UUID AND identity.held_forms.id = %(id)s::UUID;

-- worker: db.record.housekeeping.sweep(held forms)
DELETE FROM identity.held_forms WHERE identity.held_forms.expires_at < %(expires_at_1)s::TIMESTAMP WITH TIME ZONE;

-- app: identity.key_hashes.remove
DELETE FROM identity.key_hashes WHERE identity.key_hashes.hash = %(hash)s AND identity.key_hashes.customer_id = %(customer_id)s::UUID;

-- app: identity.memberships.remove
DELETE FROM identity.memberships WHERE identity.memberships.customer_id = %(customer_id)s::UUID AND identity.memberships.id = %(id)s::UUID AND identity.memberships.version = %(version)s::BIGINT;

-- worker: db.record.housekeeping.sweep(sessions)
DELETE FROM identity.sessions WHERE identity.sessions.expires_at < %(expires_at_1)s::TIMESTAMP WITH TIME ZONE OR identity.sessions.seen_at < %(seen_at_1)s::TIMESTAMP WITH TIME ZONE;

-- worker: db.record.housekeeping.sweep(sign-in attempts)
DELETE FROM identity.sign_in_attempts WHERE identity.sign_in_attempts.at < %(at_1)s::TIMESTAMP WITH TIME ZONE;

-- worker: db.record.housekeeping.sweep(single-use links)
DELETE FROM identity.single_use_links WHERE identity.single_use_links.expires_at < %(expires_at_1)s::TIMESTAMP WITH TIME ZONE;

-- worker: db.record.housekeeping.drop_tombstones
DELETE FROM ops.changes WHERE ops.changes.customer_id = %(customer_id_1)s::UUID AND ops.changes.number <= %(number_1)s::BIGINT AND ops.changes.is_deleted IS true AND ops.changes.at < %(at_1)s::TIMESTAMP WITH TIME ZONE;

-- worker: db.record.housekeeping.sweep(idempotency answers)
DELETE FROM ops.idempotency_answers WHERE ops.idempotency_answers.created_at < %(created_at_1)s::TIMESTAMP WITH TIME ZONE;

-- worker: db.record.housekeeping.sweep(idempotency keys)
DELETE FROM ops.idempotency_keys WHERE ops.idempotency_keys.created_at < %(created_at_1)s::TIMESTAMP WITH TIME ZONE;

-- app: ops.imports.remove
DELETE FROM ops.imports WHERE ops.imports.customer_id = %(customer_id)s::UUID AND ops.imports.id = %(id)s::UUID AND ops.imports.version = %(version)s::BIGINT;

-- worker: db.record.housekeeping.sweep(done promises)
DELETE FROM ops.outbox WHERE ops.outbox.done_at < %(done_at_1)s::TIMESTAMP WITH TIME ZONE;

-- worker: db.record.processes.leave
DELETE FROM ops.processes WHERE ops.processes.id = %(id_1)s::UUID OR ops.processes.seen_at < now() - %(now_1)s;

-- app: tenancy.domains.remove
DELETE FROM tenancy.domains WHERE tenancy.domains.customer_id = %(customer_id)s::UUID AND tenancy.domains.id = %(id)s::UUID AND tenancy.domains.version = %(version)s::BIGINT;

-- app: tenancy.site_languages.remove
DELETE FROM tenancy.site_languages WHERE tenancy.site_languages.customer_id = %(customer_id)s::UUID AND tenancy.site_languages.site_id = %(site_id)s::UUID AND tenancy.site_languages.lang = %(lang)s::VARCHAR;

-- app: tenancy.sites.remove
DELETE FROM tenancy.sites WHERE tenancy.sites.customer_id = %(customer_id)s::UUID AND tenancy.sites.id = %(id)s::UUID AND tenancy.sites.version = %(version)s::BIGINT;

-- app: tenancy.theme_settings.remove
DELETE FROM tenancy.theme_settings WHERE tenancy.theme_settings.customer_id = %(customer_id)s::UUID AND tenancy.theme_settings.id = %(id)s::UUID AND tenancy.theme_settings.version = %(version)s::BIGINT;

-- app: db.record.writer.mark
-- app: db.record.writer.mark_undone
INSERT INTO audit.change_set_marks (customer_id, change_set_id, id, mark, at) VALUES (%(customer_id)s::UUID, %(change_set_id)s::UUID, %(id)s::UUID, %(mark)s::VARCHAR, %(at)s::TIMESTAMP WITH TIME ZONE);

-- app: catalog.categories.add
-- app: catalog.categories.change
-- app: catalog.categories.remove
-- app: catalog.field_definitions.add
-- app: catalog.field_definitions.change
-- app: catalog.field_definitions.remove
-- app: catalog.products.add
-- app: catalog.products.change
-- app: catalog.products.remove
-- app: content.authors.add
-- app: content.authors.change
-- app: content.authors.remove
-- app: content.media.add
-- app: content.media.change
-- app: content.media.remove
-- app: content.menus.add
-- app: content.menus.change
-- app: content.menus.remove
-- app: content.posts.add
-- app: content.posts.change
-- app: content.posts.remove
-- app: content.tags.add
-- app: content.tags.change
-- app: content.tags.remove
-- app: db.record.writer.mark
-- app: identity.api_keys.add
-- app: identity.api_keys.change
-- app: identity.api_keys.remove
-- app: identity.memberships.add
-- app: identity.memberships.change
-- app: identity.memberships.remove
-- app: ops.imports.add
-- app: ops.imports.change
-- app: ops.imports.remove
-- app: tenancy.domains.add
-- app: tenancy.domains.change
-- app: tenancy.domains.remove
-- app: tenancy.sites.add
-- app: tenancy.sites.change
-- app: tenancy.sites.remove
-- app: tenancy.theme_settings.add
-- app: tenancy.theme_settings.change
-- app: tenancy.theme_settings.remove
-- backoffice: tenancy.repository.add_customer
-- backoffice: tenancy.repository.change_customer
INSERT INTO audit.change_sets (customer_id, id, at, verb, reason, actor_kind, actor_id, actor_name, door, session_id, request_id) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(at)s::TIMESTAMP WITH TIME ZONE, %(verb)s::VARCHAR, %(reason)s::VARCHAR, %(actor_kind)s::VARCHAR, %(actor_id)s::UUID, %(actor_name)s::VARCHAR, %(door)s::VARCHAR, %(session_id)s::UUID, %(request_id)s::VARCHAR) ON CONFLICT (customer_id, id) DO NOTHING;

-- app: catalog.categories.add
-- app: catalog.categories.change
-- app: catalog.categories.remove
-- app: catalog.field_definitions.add
-- app: catalog.field_definitions.change
-- app: catalog.field_definitions.remove
-- app: catalog.products.add
-- app: catalog.products.change
-- app: catalog.products.remove
-- app: content.authors.add
-- app: content.authors.change
-- app: content.authors.remove
-- app: content.media.add
-- app: content.media.change
-- app: content.media.remove
-- app: content.menus.add
-- app: content.menus.change
-- app: content.menus.remove
-- app: content.posts.add
-- app: content.posts.change
-- app: content.posts.remove
-- app: content.tags.add
-- app: content.tags.change
-- app: content.tags.remove
-- app: identity.api_keys.add
-- app: identity.api_keys.change
-- app: identity.api_keys.remove
-- app: identity.memberships.add
-- app: identity.memberships.change
-- app: identity.memberships.remove
-- app: ops.imports.add
-- app: ops.imports.change
-- app: ops.imports.remove
-- app: tenancy.domains.add
-- app: tenancy.domains.change
-- app: tenancy.domains.remove
-- app: tenancy.sites.add
-- app: tenancy.sites.change
-- app: tenancy.sites.remove
-- app: tenancy.theme_settings.add
-- app: tenancy.theme_settings.change
-- app: tenancy.theme_settings.remove
-- backoffice: tenancy.repository.add_customer
-- backoffice: tenancy.repository.change_customer
INSERT INTO audit.events (customer_id, change_set_id, thing_id, to_version, thing_type, from_version, kind, fields, label, at) VALUES (%(customer_id)s::UUID, %(change_set_id)s::UUID, %(thing_id)s::UUID, %(to_version)s::BIGINT, %(thing_type)s::VARCHAR, %(from_version)s::BIGINT, %(kind)s::VARCHAR, %(fields)s::JSONB, %(label)s::VARCHAR, %(at)s::TIMESTAMP WITH TIME ZONE);

-- worker: db.record.chaining.append
INSERT INTO audit.seal_heads (customer_id, number, last_number, marks, hash, at) VALUES (%(customer_id)s::UUID, %(number)s::BIGINT, %(last_number)s::BIGINT, %(marks)s::BIGINT, %(hash)s, %(at)s::TIMESTAMP WITH TIME ZONE) ON CONFLICT (customer_id) DO UPDATE SET number = %(param_1)s::BIGINT, last_number = %(param_2)s::BIGINT, marks = %(param_3)s::BIGINT, hash = %(param_4)s, at = %(param_5)s::TIMESTAMP WITH TIME ZONE WHERE audit.seal_heads.number = %(number_1)s::BIGINT RETURNING audit.seal_heads.number;

-- worker: db.record.chaining.append
INSERT INTO audit.seals (customer_id, number, first_number, last_number, at, previous, hash, entries, marks, salts) VALUES (%(customer_id)s::UUID, %(number)s::BIGINT, %(first_number)s::BIGINT, %(last_number)s::BIGINT, %(at)s::TIMESTAMP WITH TIME ZONE, %(previous)s, %(hash)s, %(entries)s, %(marks)s, %(salts)s) ON CONFLICT (customer_id, number) DO NOTHING RETURNING audit.seals.number;

-- app: catalog.categories.add
-- app: catalog.categories.change
-- app: catalog.categories.remove
-- app: catalog.field_definitions.add
-- app: catalog.field_definitions.change
-- app: catalog.field_definitions.remove
-- app: content.authors.add
-- app: content.authors.change
-- app: content.authors.remove
-- app: content.media.add
-- app: content.media.change
-- app: content.media.remove
-- app: content.menus.add
-- app: content.menus.change
-- app: content.menus.remove
-- app: content.tags.add
-- app: content.tags.change
-- app: content.tags.remove
-- app: identity.api_keys.add
-- app: identity.api_keys.change
-- app: identity.api_keys.remove
-- app: identity.memberships.add
-- app: identity.memberships.change
-- app: identity.memberships.remove
-- app: ops.imports.add
-- app: ops.imports.change
-- app: ops.imports.remove
-- app: tenancy.domains.add
-- app: tenancy.domains.change
-- app: tenancy.domains.remove
-- app: tenancy.sites.add
-- app: tenancy.sites.change
-- app: tenancy.sites.remove
-- app: tenancy.theme_settings.add
-- app: tenancy.theme_settings.change
-- app: tenancy.theme_settings.remove
-- backoffice: tenancy.repository.add_customer
-- backoffice: tenancy.repository.change_customer
INSERT INTO audit.versions (customer_id, thing_id, version, thing_type, kind, at, change_set_id, actor_kind, actor_id, actor_name, door, payload) VALUES (%(customer_id)s::UUID, %(thing_id)s::UUID, %(version)s::BIGINT, %(thing_type)s::VARCHAR, %(kind)s::VARCHAR, %(at)s::TIMESTAMP WITH TIME ZONE, %(change_set_id)s::UUID, %(actor_kind)s::VARCHAR, %(actor_id)s::UUID, %(actor_name)s::VARCHAR, %(door)s::VARCHAR, %(payload)s::JSONB);

-- app: catalog.categories.add
INSERT INTO catalog.categories (customer_id, id, version, slug, label, labels, summary, position) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(slug)s::VARCHAR, %(label)s::VARCHAR, %(labels)s::JSONB, %(summary)s::VARCHAR, %(position)s::BIGINT);

-- app: catalog.field_definitions.add
INSERT INTO catalog.field_definitions (customer_id, id, version, thing_type, code, label, labels, is_facet, position) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(thing_type)s::VARCHAR, %(code)s::VARCHAR, %(label)s::VARCHAR, %(labels)s::JSONB, %(is_facet)s, %(position)s::BIGINT);

-- app: catalog.movements.add
INSERT INTO catalog.movements (customer_id, variant_id, id, delta, on_hand, reason, at, change_set_id) VALUES (%(customer_id)s::UUID, %(variant_id)s::UUID, %(id)s::UUID, %(delta)s::BIGINT, %(on_hand)s::BIGINT, %(reason)s::VARCHAR, %(at)s::TIMESTAMP WITH TIME ZONE, %(change_set_id)s::UUID);

-- app: catalog.options.add
INSERT INTO catalog.options (customer_id, product_id, code, label, choices, position) VALUES (%(customer_id)s::UUID, %(product_id)s::UUID, %(code)s::VARCHAR, %(label)s::VARCHAR, %(choices)s::JSONB, %(position)s::BIGINT);

-- app: catalog.price_history.add
INSERT INTO catalog.price_history (customer_id, variant_id, kind, at, change_set_id, amount, currency, starts_at, ends_at) VALUES (%(customer_id)s::UUID, %(variant_id)s::UUID, %(kind)s::VARCHAR, %(at)s::TIMESTAMP WITH TIME ZONE, %(change_set_id)s::UUID, %(amount)s::BIGINT, %(currency)s::VARCHAR, %(starts_at)s::TIMESTAMP WITH TIME ZONE, %(ends_at)s::TIMESTAMP WITH TIME ZONE);

-- app: catalog.prices.add
INSERT INTO catalog.prices (customer_id, variant_id, kind, amount, currency, starts_at, ends_at) VALUES (%(customer_id)s::UUID, %(variant_id)s::UUID, %(kind)s::VARCHAR, %(amount)s::BIGINT, %(currency)s::VARCHAR, %(starts_at)s::TIMESTAMP WITH TIME ZONE, %(ends_at)s::TIMESTAMP WITH TIME ZONE);

-- app: catalog.product_images.add
INSERT INTO catalog.product_images (customer_id, product_id, media_id, position) VALUES (%(customer_id)s::UUID, %(product_id)s::UUID, %(media_id)s::UUID, %(position)s::BIGINT);

-- app: catalog.product_posts.add
INSERT INTO catalog.product_posts (customer_id, product_id, post_id, position) VALUES (%(customer_id)s::UUID, %(product_id)s::UUID, %(post_id)s::UUID, %(position)s::BIGINT);

-- app: catalog.product_publications.add
INSERT INTO catalog.product_publications (customer_id, site_id, product_id, lang, translation_key, slug, title, category, text_version, offer_version, render_version, published_at, updated_at, text, offer) VALUES (%(customer_id)s::UUID, %(site_id)s::UUID, %(product_id)s::UUID, %(lang)s::VARCHAR, %(translation_key)s::UUID, %(slug)s::VARCHAR, %(title)s::VARCHAR, %(category)s::VARCHAR, %(text_version)s::BIGINT, %(offer_version)s::BIGINT, %(render_version)s::BIGINT, %(published_at)s::TIMESTAMP WITH TIME ZONE, %(updated_at)s::TIMESTAMP WITH TIME ZONE, %(text)s::JSONB, %(offer)s::JSONB);

-- app: catalog.product_sites.add
INSERT INTO catalog.product_sites (customer_id, product_id, site_id) VALUES (%(customer_id)s::UUID, %(product_id)s::UUID, %(site_id)s::UUID);

-- app: catalog.products.add
-- app: catalog.products.change
-- app: catalog.products.remove
INSERT INTO catalog.product_versions (customer_id, thing_id, version, title, kind, at, change_set_id, actor_kind, actor_id, actor_name, door, payload) VALUES (%(customer_id)s::UUID, %(thing_id)s::UUID, %(version)s::BIGINT, %(title)s::VARCHAR, %(kind)s::VARCHAR, %(at)s::TIMESTAMP WITH TIME ZONE, %(change_set_id)s::UUID, %(actor_kind)s::VARCHAR, %(actor_id)s::UUID, %(actor_name)s::VARCHAR, %(door)s::VARCHAR, %(payload)s::JSONB);

-- app: catalog.products.add
INSERT INTO catalog.products (customer_id, id, version, lang, translation_key, slug, title, summary, body_source, body_format, brand, category_id, tags, fields, tax_rate_percent, is_featured, state, text_version, published_at, created_by, created_at, updated_at) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(lang)s::VARCHAR, %(translation_key)s::UUID, %(slug)s::VARCHAR, %(title)s::VARCHAR, %(summary)s::VARCHAR, %(body_source)s::VARCHAR, %(body_format)s::VARCHAR, %(brand)s::VARCHAR, %(category_id)s::UUID, %(tags)s::JSONB, %(fields)s::JSONB, %(tax_rate_percent)s::BIGINT, %(is_featured)s, %(state)s::VARCHAR, %(text_version)s::BIGINT, %(published_at)s::TIMESTAMP WITH TIME ZONE, %(created_by)s::UUID, %(created_at)s::TIMESTAMP WITH TIME ZONE, %(updated_at)s::TIMESTAMP WITH TIME ZONE);

-- app: catalog.stock.add
INSERT INTO catalog.stock (customer_id, variant_id, on_hand, availability, available_from) VALUES (%(customer_id)s::UUID, %(variant_id)s::UUID, %(on_hand)s::BIGINT, %(availability)s::VARCHAR, %(available_from)s::DATE);

-- app: catalog.variants.add
INSERT INTO catalog.variants (customer_id, id, product_id, sku, sku_norm, gtin, option_values, unit_measure, weight_g, images, position) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(product_id)s::UUID, %(sku)s::VARCHAR, %(sku_norm)s::VARCHAR, %(gtin)s::VARCHAR, %(option_values)s::JSONB, %(unit_measure)s::JSONB, %(weight_g)s::BIGINT, %(images)s::JSONB, %(position)s::BIGINT);

-- app: content.authors.add
INSERT INTO content.authors (customer_id, id, version, slug, name, "role", bio, image_id, texts, user_id) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(slug)s::VARCHAR, %(name)s::VARCHAR, %(role)s::VARCHAR, %(bio)s::VARCHAR, %(image_id)s::UUID, %(texts)s::JSONB, %(user_id)s::UUID);

-- app: content.media.add
INSERT INTO content.media (customer_id, id, version, name, content_type, width, height, alt, created_by, created_at) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(name)s::VARCHAR, %(content_type)s::VARCHAR, %(width)s::BIGINT, %(height)s::BIGINT, %(alt)s::JSONB, %(created_by)s::UUID, %(created_at)s::TIMESTAMP WITH TIME ZONE);

-- app: content.media_renditions.add
INSERT INTO content.media_renditions (customer_id, media_id, purpose, width, height, hash, name, content_type, bytes) VALUES (%(customer_id)s::UUID, %(media_id)s::UUID, %(purpose)s::VARCHAR, %(width)s::BIGINT, %(height)s::BIGINT, %(hash)s::VARCHAR, %(name)s::VARCHAR, %(content_type)s::VARCHAR, %(bytes)s::BIGINT);

-- app: content.menus.add
INSERT INTO content.menus (customer_id, id, version, site_id, lang, name, items) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(site_id)s::UUID, %(lang)s::VARCHAR, %(name)s::VARCHAR, %(items)s::JSONB);

-- app: content.post_tags.add
INSERT INTO content.post_tags (customer_id, post_id, tag_id, position) VALUES (%(customer_id)s::UUID, %(post_id)s::UUID, %(tag_id)s::UUID, %(position)s::BIGINT);

-- app: content.posts.add
-- app: content.posts.change
-- app: content.posts.remove
INSERT INTO content.post_versions (customer_id, thing_id, version, site_id, title, kind, at, change_set_id, actor_kind, actor_id, actor_name, door, payload) VALUES (%(customer_id)s::UUID, %(thing_id)s::UUID, %(version)s::BIGINT, %(site_id)s::UUID, %(title)s::VARCHAR, %(kind)s::VARCHAR, %(at)s::TIMESTAMP WITH TIME ZONE, %(change_set_id)s::UUID, %(actor_kind)s::VARCHAR, %(actor_id)s::UUID, %(actor_name)s::VARCHAR, %(door)s::VARCHAR, %(payload)s::JSONB);

-- app: content.posts.add
INSERT INTO content.posts (customer_id, id, version, site_id, kind, lang, translation_key, slug, title, summary, body_source, body_format, state, author_id, cover_id, seo_title, fields, is_featured, position, published_at, created_by, created_at, updated_at) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(site_id)s::UUID, %(kind)s::VARCHAR, %(lang)s::VARCHAR, %(translation_key)s::UUID, %(slug)s::VARCHAR, %(title)s::VARCHAR, %(summary)s::VARCHAR, %(body_source)s::VARCHAR, %(body_format)s::VARCHAR, %(state)s::VARCHAR, %(author_id)s::UUID, %(cover_id)s::UUID, %(seo_title)s::VARCHAR, %(fields)s::JSONB, %(is_featured)s, %(position)s::BIGINT, %(published_at)s::TIMESTAMP WITH TIME ZONE, %(created_by)s::UUID, %(created_at)s::TIMESTAMP WITH TIME ZONE, %(updated_at)s::TIMESTAMP WITH TIME ZONE);

-- app: content.publication_tags.add
INSERT INTO content.publication_tags (customer_id, post_id, tag_id, lang, published_at) VALUES (%(customer_id)s::UUID, %(post_id)s::UUID, %(tag_id)s::UUID, %(lang)s::VARCHAR, %(published_at)s::TIMESTAMP WITH TIME ZONE);

-- app: content.publications.add
INSERT INTO content.publications (customer_id, post_id, site_id, kind, lang, translation_key, slug, version, render_version, published_at, updated_at, title, snapshot) VALUES (%(customer_id)s::UUID, %(post_id)s::UUID, %(site_id)s::UUID, %(kind)s::VARCHAR, %(lang)s::VARCHAR, %(translation_key)s::UUID, %(slug)s::VARCHAR, %(version)s::BIGINT, %(render_version)s::BIGINT, %(published_at)s::TIMESTAMP WITH TIME ZONE, %(updated_at)s::TIMESTAMP WITH TIME ZONE, %(title)s::VARCHAR, %(snapshot)s::JSONB);

-- app: content.tags.add
INSERT INTO content.tags (customer_id, id, version, site_id, slug, label, labels, summary) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(site_id)s::UUID, %(slug)s::VARCHAR, %(label)s::VARCHAR, %(labels)s::JSONB, %(summary)s::VARCHAR);

-- app: identity.api_keys.add
INSERT INTO identity.api_keys (customer_id, id, version, name, prefix, last_four, scopes, created_by, created_at, expires_at, revoked_at) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(name)s::VARCHAR, %(prefix)s::VARCHAR, %(last_four)s::VARCHAR, %(scopes)s::JSONB, %(created_by)s::UUID, %(created_at)s::TIMESTAMP WITH TIME ZONE, %(expires_at)s::TIMESTAMP WITH TIME ZONE, %(revoked_at)s::TIMESTAMP WITH TIME ZONE);

-- app: identity.held_forms.add
INSERT INTO identity.held_forms (customer_id, id, user_id, address, fields, created_at, expires_at) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(user_id)s::UUID, %(address)s::VARCHAR, %(fields)s::JSONB, %(created_at)s::TIMESTAMP WITH TIME ZONE, %(expires_at)s::TIMESTAMP WITH TIME ZONE);

-- app: identity.key_hashes.add
INSERT INTO identity.key_hashes (hash, customer_id, key_id) VALUES (%(hash)s, %(customer_id)s::UUID, %(key_id)s::UUID);

-- app: identity.memberships.add
INSERT INTO identity.memberships (customer_id, id, version, user_id, "role", site_id, created_at) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(user_id)s::UUID, %(role)s::VARCHAR, %(site_id)s::UUID, %(created_at)s::TIMESTAMP WITH TIME ZONE);

-- directory: identity.person_events.add
-- directory: identity.repository.note_person
INSERT INTO identity.person_events (user_id, at, id, verb, details) VALUES (%(user_id)s::UUID, %(at)s::TIMESTAMP WITH TIME ZONE, %(id)s::UUID, %(verb)s::VARCHAR, %(details)s::JSONB);

-- directory: identity.sessions.add
INSERT INTO identity.sessions (token_hash, id, user_id, created_at, seen_at, expires_at, revoked_at, address, agent) VALUES (%(token_hash)s, %(id)s::UUID, %(user_id)s::UUID, %(created_at)s::TIMESTAMP WITH TIME ZONE, %(seen_at)s::TIMESTAMP WITH TIME ZONE, %(expires_at)s::TIMESTAMP WITH TIME ZONE, %(revoked_at)s::TIMESTAMP WITH TIME ZONE, %(address)s::VARCHAR, %(agent)s::VARCHAR);

-- directory: identity.sign_in_attempts.add
INSERT INTO identity.sign_in_attempts (subject, at, id) VALUES (%(subject)s, %(at)s::TIMESTAMP WITH TIME ZONE, %(id)s::UUID);

-- directory: identity.single_use_links.add
INSERT INTO identity.single_use_links (token_hash, user_id, purpose, created_at, expires_at, used_at) VALUES (%(token_hash)s, %(user_id)s::UUID, %(purpose)s::VARCHAR, %(created_at)s::TIMESTAMP WITH TIME ZONE, %(expires_at)s::TIMESTAMP WITH TIME ZONE, %(used_at)s::TIMESTAMP WITH TIME ZONE);

-- directory: identity.users.add
INSERT INTO identity.users (id, version, email, name, password_hash, state, created_at) VALUES (%(id)s::UUID, %(version)s::BIGINT, %(email)s::VARCHAR, %(name)s::VARCHAR, %(password_hash)s::VARCHAR, %(state)s::VARCHAR, %(created_at)s::TIMESTAMP WITH TIME ZONE);

-- app: catalog.categories.add
-- app: catalog.categories.change
-- app: catalog.categories.remove
-- app: catalog.field_definitions.add
-- app: catalog.field_definitions.change
-- app: catalog.field_definitions.remove
-- app: catalog.products.add
-- app: catalog.products.change
-- app: catalog.products.remove
-- app: content.authors.add
-- app: content.authors.change
-- app: content.authors.remove
-- app: content.media.add
-- app: content.media.change
-- app: content.media.remove
-- app: content.menus.add
-- app: content.menus.change
-- app: content.menus.remove
-- app: content.posts.add
-- app: content.posts.change
-- app: content.posts.remove
-- app: content.tags.add
-- app: content.tags.change
-- app: content.tags.remove
-- app: identity.api_keys.add
-- app: identity.api_keys.change
-- app: identity.api_keys.remove
-- app: identity.memberships.add
-- app: identity.memberships.change
-- app: identity.memberships.remove
-- app: ops.imports.add
-- app: ops.imports.change
-- app: ops.imports.remove
-- app: tenancy.domains.add
-- app: tenancy.domains.change
-- app: tenancy.domains.remove
-- app: tenancy.sites.add
-- app: tenancy.sites.change
-- app: tenancy.sites.remove
-- app: tenancy.theme_settings.add
-- app: tenancy.theme_settings.change
-- app: tenancy.theme_settings.remove
INSERT INTO ops.cache_bumps (customer_id, tag, id, shard) VALUES (%(customer_id)s::UUID, %(tag)s::VARCHAR, %(id)s::UUID, %(shard)s::SMALLINT);

-- app: catalog.categories.add
-- app: catalog.categories.change
-- app: catalog.categories.remove
-- app: catalog.field_definitions.add
-- app: catalog.field_definitions.change
-- app: catalog.field_definitions.remove
-- app: catalog.products.add
-- app: catalog.products.change
-- app: catalog.products.remove
-- app: content.authors.add
-- app: content.authors.change
-- app: content.authors.remove
-- app: content.media.add
-- app: content.media.change
-- app: content.media.remove
-- app: content.menus.add
-- app: content.menus.change
-- app: content.menus.remove
-- app: content.posts.add
-- app: content.posts.change
-- app: content.posts.remove
-- app: content.tags.add
-- app: content.tags.change
-- app: content.tags.remove
-- app: identity.api_keys.add
-- app: identity.api_keys.change
-- app: identity.api_keys.remove
-- app: identity.memberships.add
-- app: identity.memberships.change
-- app: identity.memberships.remove
-- app: ops.imports.add
-- app: ops.imports.change
-- app: ops.imports.remove
-- app: tenancy.domains.add
-- app: tenancy.domains.change
-- app: tenancy.domains.remove
-- app: tenancy.sites.add
-- app: tenancy.sites.change
-- app: tenancy.sites.remove
-- app: tenancy.theme_settings.add
-- app: tenancy.theme_settings.change
-- app: tenancy.theme_settings.remove
-- backoffice: tenancy.repository.add_customer
-- backoffice: tenancy.repository.change_customer
INSERT INTO ops.changes_in (shard, customer_id, thing_id, version, thing_type, is_deleted) VALUES (%(shard)s::SMALLINT, %(customer_id)s::UUID, %(thing_id)s::UUID, %(version)s::BIGINT, %(thing_type)s::VARCHAR, %(is_deleted)s);

-- app: db.record.idempotency.keep_answer
INSERT INTO ops.idempotency_answers (customer_id, claim, status, headers, body, created_at) VALUES (%(customer_id)s::UUID, %(claim)s, %(status)s::SMALLINT, %(headers)s::JSONB, %(body)s, %(created_at)s::TIMESTAMP WITH TIME ZONE);

-- app: db.record.idempotency.claim_once
INSERT INTO ops.idempotency_keys (customer_id, claim, fingerprint, created_at) VALUES (%(customer_id)s::UUID, %(claim)s, %(fingerprint)s, %(created_at)s::TIMESTAMP WITH TIME ZONE) ON CONFLICT (customer_id, claim) DO NOTHING RETURNING ops.idempotency_keys.claim;

-- app: imports.repository.remember_item
-- app: ops.import_items.add
INSERT INTO ops.import_items (customer_id, source, thing_type, source_id, thing_id, import_id) VALUES (%(customer_id)s::UUID, %(source)s::VARCHAR, %(thing_type)s::VARCHAR, %(source_id)s::VARCHAR, %(thing_id)s::UUID, %(import_id)s::UUID);

-- app: ops.imports.add
INSERT INTO ops.imports (customer_id, id, version, site_id, source, file_name, state, counts, change_set_id, created_at, finished_at) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(site_id)s::UUID, %(source)s::VARCHAR, %(file_name)s::VARCHAR, %(state)s::VARCHAR, %(counts)s::JSONB, %(change_set_id)s::UUID, %(created_at)s::TIMESTAMP WITH TIME ZONE, %(finished_at)s::TIMESTAMP WITH TIME ZONE);

-- worker: db.record.leases.take
INSERT INTO ops.leases AS held (name, owner, lease_until, fence) VALUES (%(name)s::VARCHAR, %(owner)s::UUID, now() + %(life)s, 1) ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until, fence = CASE WHEN held.owner = excluded.owner THEN held.fence ELSE held.fence + 1 END WHERE held.owner = excluded.owner OR held.lease_until < now() RETURNING fence;

-- app: db.record.outbox.promise
INSERT INTO ops.outbox (shard, id, customer_id, name, payload, attempts, done_at, dead_at, error) VALUES (%(shard)s::SMALLINT, %(id)s::UUID, %(customer_id)s::UUID, %(name)s::VARCHAR, %(payload)s::JSONB, %(attempts)s::SMALLINT, %(done_at)s::TIMESTAMP WITH TIME ZONE, %(dead_at)s::TIMESTAMP WITH TIME ZONE, %(error)s::VARCHAR);

-- worker: db.record.outbox.take_shard
INSERT INTO ops.outbox_shards AS held (shard, owner, lease_until, fence) VALUES (%(shard)s::SMALLINT, %(owner)s::UUID, now() + %(life)s, 1) ON CONFLICT (shard) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until, fence = CASE WHEN held.owner = excluded.owner THEN held.fence ELSE held.fence + 1 END WHERE held.owner = excluded.owner OR held.lease_until < now() RETURNING fence;

-- worker: db.record.processes.heartbeat
INSERT INTO ops.processes (id, kind, host, pid, seen_at, figures) VALUES (%(id)s::UUID, %(kind)s::VARCHAR, %(host)s::VARCHAR, %(pid)s::BIGINT, now(), %(figures)s::JSONB) ON CONFLICT (id) DO UPDATE SET seen_at = now(), figures = %(param_1)s::JSONB;

-- worker: db.record.usage.fold_usage
INSERT INTO ops.usage (customer_id, number, sites, posts, products, pictures, storage_bytes, active_at, at) VALUES (%(customer_id_m0)s::UUID, %(number_m0)s::BIGINT, %(sites_m0)s::BIGINT, %(posts_m0)s::BIGINT, %(products_m0)s::BIGINT, %(pictures_m0)s::BIGINT, %(storage_bytes_m0)s::BIGINT, %(active_at_m0)s::TIMESTAMP WITH TIME ZONE, %(at_m0)s::TIMESTAMP WITH TIME ZONE) ON CONFLICT (customer_id) DO UPDATE SET number = excluded.number, sites = excluded.sites, posts = excluded.posts, products = excluded.products, pictures = excluded.pictures, storage_bytes = excluded.storage_bytes, active_at = excluded.active_at, at = excluded.at;

-- backoffice: tenancy.repository.add_customer
INSERT INTO tenancy.customers (id, version, slug, name, state, created_at) VALUES (%(id)s::UUID, %(version)s::BIGINT, %(slug)s::VARCHAR, %(name)s::VARCHAR, %(state)s::VARCHAR, %(created_at)s::TIMESTAMP WITH TIME ZONE);

-- app: tenancy.domains.add
INSERT INTO tenancy.domains (customer_id, id, version, site_id, host, is_primary, is_built_in, state, created_at) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(site_id)s::UUID, %(host)s::VARCHAR, %(is_primary)s, %(is_built_in)s, %(state)s::VARCHAR, %(created_at)s::TIMESTAMP WITH TIME ZONE);

-- app: tenancy.site_languages.add
INSERT INTO tenancy.site_languages (customer_id, site_id, lang, position, texts) VALUES (%(customer_id)s::UUID, %(site_id)s::UUID, %(lang)s::VARCHAR, %(position)s::BIGINT, %(texts)s::JSONB);

-- app: tenancy.sites.add
INSERT INTO tenancy.sites (customer_id, id, version, slug, name, state, lang, timezone, currency, settings, created_at) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(slug)s::VARCHAR, %(name)s::VARCHAR, %(state)s::VARCHAR, %(lang)s::VARCHAR, %(timezone)s::VARCHAR, %(currency)s::VARCHAR, %(settings)s::JSONB, %(created_at)s::TIMESTAMP WITH TIME ZONE);

-- app: tenancy.theme_settings.add
INSERT INTO tenancy.theme_settings (customer_id, id, version, site_id, theme, settings) VALUES (%(customer_id)s::UUID, %(id)s::UUID, %(version)s::BIGINT, %(site_id)s::UUID, %(theme)s::VARCHAR, %(settings)s::JSONB);

-- app: publishing.repository.languages_with_content
SELECT %(param_1)s::VARCHAR AS anon_1 FROM content.newest_publications(CAST(%(param_2)s::UUID AS UUID), CAST(%(param_3)s::VARCHAR AS TEXT), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_6)s::UUID AS UUID), CAST(%(param_7)s::BIGINT AS BIGINT)) AS listed(id, at) UNION ALL SELECT %(param_8)s::VARCHAR AS anon_2 FROM content.newest_publications(CAST(%(param_9)s::UUID AS UUID), CAST(%(param_10)s::VARCHAR AS TEXT), CAST(%(param_11)s::VARCHAR AS TEXT), CAST(%(param_12)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_13)s::UUID AS UUID), CAST(%(param_14)s::BIGINT AS BIGINT)) AS listed(id, at) UNION ALL SELECT %(param_15)s::VARCHAR AS anon_3 FROM catalog.newest_products(CAST(%(param_16)s::UUID AS UUID), CAST(%(param_17)s::VARCHAR AS TEXT), CAST(%(param_18)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_19)s::UUID AS UUID), CAST(%(param_20)s::BIGINT AS BIGINT)) AS listed(id, at) UNION ALL SELECT %(param_21)s::VARCHAR AS anon_4 FROM content.newest_publications(CAST(%(param_22)s::UUID AS UUID), CAST(%(param_23)s::VARCHAR AS TEXT), CAST(%(param_24)s::VARCHAR AS TEXT), CAST(%(param_25)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_26)s::UUID AS UUID), CAST(%(param_27)s::BIGINT AS BIGINT)) AS listed(id, at) UNION ALL SELECT %(param_28)s::VARCHAR AS anon_5 FROM content.newest_publications(CAST(%(param_29)s::UUID AS UUID), CAST(%(param_30)s::VARCHAR AS TEXT), CAST(%(param_31)s::VARCHAR AS TEXT), CAST(%(param_32)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_33)s::UUID AS UUID), CAST(%(param_34)s::BIGINT AS BIGINT)) AS listed(id, at) UNION ALL SELECT %(param_35)s::VARCHAR AS anon_6 FROM catalog.newest_products(CAST(%(param_36)s::UUID AS UUID), CAST(%(param_37)s::VARCHAR AS TEXT), CAST(%(param_38)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_39)s::UUID AS UUID), CAST(%(param_40)s::BIGINT AS BIGINT)) AS listed(id, at);

-- app: publishing.repository.products_about
SELECT (catalog.product_publications.text - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1, catalog.product_publications.offer FROM catalog.product_publications JOIN catalog.product_posts ON catalog.product_publications.customer_id = catalog.product_posts.customer_id AND catalog.product_publications.product_id = catalog.product_posts.product_id WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_posts.customer_id = %(customer_id_2)s::UUID AND catalog.product_posts.post_id = %(post_id_1)s::UUID AND catalog.product_publications.site_id = %(site_id_1)s::UUID AND catalog.product_publications.lang = %(lang_1)s::VARCHAR ORDER BY catalog.product_publications.published_at DESC, catalog.product_publications.product_id LIMIT %(param_3)s::INTEGER;

-- app: publishing.repository.products_shelf.after
SELECT (catalog.product_publications.text - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1, catalog.product_publications.offer, listed.at, listed.id FROM catalog.product_publications JOIN catalog.newer_products(CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_6)s::UUID AS UUID), CAST(%(param_7)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = catalog.product_publications.product_id WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_publications.site_id = %(site_id_1)s::UUID;

-- app: publishing.repository.products_shelf.after
-- app: publishing.repository.products_shelf.newest
SELECT (catalog.product_publications.text - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1, catalog.product_publications.offer, listed.at, listed.id FROM catalog.product_publications JOIN catalog.newest_products(CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_6)s::UUID AS UUID), CAST(%(param_7)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = catalog.product_publications.product_id WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_publications.site_id = %(site_id_1)s::UUID;

-- app: publishing.repository.products_shelf.around
SELECT (catalog.product_publications.text - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1, catalog.product_publications.offer, listed.at, listed.id FROM catalog.product_publications JOIN catalog.newest_products(CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_6)s::UUID AS UUID), CAST(%(param_7)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = catalog.product_publications.product_id WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_publications.site_id = %(site_id_1)s::UUID UNION ALL SELECT (catalog.product_publications.text - %(param_8)s::VARCHAR) - %(param_9)s::VARCHAR AS anon_2, catalog.product_publications.offer, listed.at, listed.id FROM catalog.product_publications JOIN catalog.newer_products(CAST(%(param_10)s::UUID AS UUID), CAST(%(param_11)s::VARCHAR AS TEXT), CAST(%(param_12)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_13)s::UUID AS UUID), CAST(%(param_14)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = catalog.product_publications.product_id WHERE catalog.product_publications.customer_id = %(customer_id_2)s::UUID AND catalog.product_publications.site_id = %(site_id_2)s::UUID;

-- app: publishing.repository.posts_by_id
SELECT (content.publications.snapshot - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1 FROM content.publications WHERE content.publications.customer_id = %(customer_id_1)s::UUID AND content.publications.site_id = %(site_id_1)s::UUID AND content.publications.post_id IN (%(post_id_1_1)s::UUID);

-- app: publishing.repository.posts_shelf.after
SELECT (content.publications.snapshot - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1, listed.at, listed.id FROM content.publications JOIN content.newer_publications(CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::VARCHAR AS TEXT), CAST(%(param_6)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_7)s::UUID AS UUID), CAST(%(param_8)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID;

-- app: publishing.repository.tag_shelf.after
SELECT (content.publications.snapshot - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1, listed.at, listed.id FROM content.publications JOIN content.newer_tagged(CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_6)s::UUID AS UUID), CAST(%(param_7)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID;

-- app: publishing.repository.posts_shelf.after
-- app: publishing.repository.posts_shelf.newest
SELECT (content.publications.snapshot - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1, listed.at, listed.id FROM content.publications JOIN content.newest_publications(CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::VARCHAR AS TEXT), CAST(%(param_6)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_7)s::UUID AS UUID), CAST(%(param_8)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID;

-- app: publishing.repository.posts_shelf.around
SELECT (content.publications.snapshot - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1, listed.at, listed.id FROM content.publications JOIN content.newest_publications(CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::VARCHAR AS TEXT), CAST(%(param_6)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_7)s::UUID AS UUID), CAST(%(param_8)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID UNION ALL SELECT (content.publications.snapshot - %(param_9)s::VARCHAR) - %(param_10)s::VARCHAR AS anon_2, listed.at, listed.id FROM content.publications JOIN content.newer_publications(CAST(%(param_11)s::UUID AS UUID), CAST(%(param_12)s::VARCHAR AS TEXT), CAST(%(param_13)s::VARCHAR AS TEXT), CAST(%(param_14)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_15)s::UUID AS UUID), CAST(%(param_16)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_2)s::UUID;

-- app: publishing.repository.tag_shelf.after
-- app: publishing.repository.tag_shelf.newest
SELECT (content.publications.snapshot - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1, listed.at, listed.id FROM content.publications JOIN content.newest_tagged(CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_6)s::UUID AS UUID), CAST(%(param_7)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID;

-- app: publishing.repository.tag_shelf.around
SELECT (content.publications.snapshot - %(param_1)s::VARCHAR) - %(param_2)s::VARCHAR AS anon_1, listed.at, listed.id FROM content.publications JOIN content.newest_tagged(CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_6)s::UUID AS UUID), CAST(%(param_7)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID UNION ALL SELECT (content.publications.snapshot - %(param_8)s::VARCHAR) - %(param_9)s::VARCHAR AS anon_2, listed.at, listed.id FROM content.publications JOIN content.newer_tagged(CAST(%(param_10)s::UUID AS UUID), CAST(%(param_11)s::VARCHAR AS TEXT), CAST(%(param_12)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_13)s::UUID AS UUID), CAST(%(param_14)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_2)s::UUID;

-- worker: db.record.seals.customers_with_marks
SELECT anon_1.customer_id FROM (SELECT audit.change_set_marks.customer_id AS customer_id, count(*) AS marks FROM audit.change_set_marks GROUP BY audit.change_set_marks.customer_id) AS anon_1 LEFT OUTER JOIN audit.seal_heads ON audit.seal_heads.customer_id = anon_1.customer_id WHERE anon_1.marks > coalesce(audit.seal_heads.marks, %(coalesce_1)s::INTEGER);

-- worker: db.record.seals.marks_of_customer
-- worker: db.record.seals.marks_unsealed
SELECT audit.change_set_marks.customer_id, audit.change_set_marks.change_set_id, audit.change_set_marks.id, audit.change_set_marks.mark, audit.change_set_marks.at FROM audit.change_set_marks WHERE audit.change_set_marks.customer_id = %(customer_id_1)s::UUID AND (audit.change_set_marks.change_set_id, audit.change_set_marks.id) > (%(param_1)s::UUID, %(param_2)s::UUID) ORDER BY audit.change_set_marks.change_set_id, audit.change_set_marks.id LIMIT %(param_3)s::INTEGER;

-- worker: db.record.seals.marks_by_key
SELECT audit.change_set_marks.customer_id, audit.change_set_marks.change_set_id, audit.change_set_marks.id, audit.change_set_marks.mark, audit.change_set_marks.at FROM audit.change_set_marks WHERE audit.change_set_marks.customer_id = %(customer_id_1)s::UUID AND (audit.change_set_marks.change_set_id, audit.change_set_marks.id) IN ((%(param_1_1_1)s, %(param_1_1_2)s));

-- app: audit.repository.act_by_id
-- backoffice: db.record.chaining.blank_content
-- backoffice: db.record.chaining.blank_names
SELECT audit.change_sets.customer_id AS audit_change_sets_customer_id, audit.change_sets.id AS audit_change_sets_id, audit.change_sets.at AS audit_change_sets_at, audit.change_sets.verb AS audit_change_sets_verb, audit.change_sets.reason AS audit_change_sets_reason, audit.change_sets.actor_kind AS audit_change_sets_actor_kind, audit.change_sets.actor_id AS audit_change_sets_actor_id, audit.change_sets.actor_name AS audit_change_sets_actor_name, audit.change_sets.door AS audit_change_sets_door, audit.change_sets.session_id AS audit_change_sets_session_id, audit.change_sets.request_id AS audit_change_sets_request_id FROM audit.change_sets WHERE audit.change_sets.customer_id = %(pk_1)s::UUID AND audit.change_sets.id = %(pk_2)s::UUID;

-- app: audit.repository.acts_page
-- app: db.record.changes.recent_change_sets
SELECT audit.change_sets.customer_id, audit.change_sets.id, audit.change_sets.at, audit.change_sets.verb, audit.change_sets.reason, audit.change_sets.actor_kind, audit.change_sets.actor_id, audit.change_sets.actor_name, audit.change_sets.door, audit.change_sets.session_id, audit.change_sets.request_id FROM audit.change_sets JOIN audit.recent_change_sets(CAST(%(param_1)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_2)s::UUID AS UUID), CAST(%(param_3)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = audit.change_sets.id WHERE audit.change_sets.customer_id = %(customer_id_1)s::UUID ORDER BY listed.at DESC, listed.id DESC;

-- app: audit.repository.recent_acts
SELECT audit.change_sets.customer_id, audit.change_sets.id, audit.change_sets.at, audit.change_sets.verb, audit.change_sets.reason, audit.change_sets.actor_kind, audit.change_sets.actor_id, audit.change_sets.actor_name, audit.change_sets.door, audit.change_sets.session_id, audit.change_sets.request_id FROM audit.change_sets WHERE audit.change_sets.customer_id = %(customer_id_1)s::UUID AND audit.change_sets.at < %(at_1)s::TIMESTAMP WITH TIME ZONE ORDER BY audit.change_sets.at DESC, audit.change_sets.id DESC LIMIT %(param_1)s::INTEGER;

-- worker: db.record.seals.acts_of
SELECT audit.change_sets.customer_id, audit.change_sets.id, audit.change_sets.at, audit.change_sets.verb, audit.change_sets.reason, audit.change_sets.actor_kind, audit.change_sets.actor_id, audit.change_sets.actor_name, audit.change_sets.door, audit.change_sets.session_id, audit.change_sets.request_id FROM audit.change_sets WHERE audit.change_sets.customer_id = %(customer_id_1)s::UUID AND audit.change_sets.id IN (%(id_1_1)s::UUID);

-- worker: db.record.seals.acts_of
-- worker: db.record.seals.recorded
SELECT audit.change_sets.customer_id, audit.change_sets.id, audit.change_sets.at, audit.change_sets.verb, audit.change_sets.reason, audit.change_sets.actor_kind, audit.change_sets.actor_id, audit.change_sets.actor_name, audit.change_sets.door, audit.change_sets.session_id, audit.change_sets.request_id FROM audit.change_sets WHERE audit.change_sets.customer_id = %(customer_id_1)s::UUID AND audit.change_sets.id IN (NULL) AND (1 != 1);

-- app: audit.repository.recent_acts
SELECT audit.change_sets.customer_id, audit.change_sets.id, audit.change_sets.at, audit.change_sets.verb, audit.change_sets.reason, audit.change_sets.actor_kind, audit.change_sets.actor_id, audit.change_sets.actor_name, audit.change_sets.door, audit.change_sets.session_id, audit.change_sets.request_id FROM audit.change_sets WHERE audit.change_sets.customer_id = %(customer_id_1)s::UUID ORDER BY audit.change_sets.at DESC, audit.change_sets.id DESC LIMIT %(param_1)s::INTEGER;

-- worker: db.record.seals.idle_act
SELECT audit.change_sets.id FROM audit.change_sets LEFT OUTER JOIN audit.events ON audit.events.customer_id = audit.change_sets.customer_id AND audit.events.change_set_id = audit.change_sets.id LEFT OUTER JOIN audit.change_set_marks ON audit.change_set_marks.customer_id = audit.change_sets.customer_id AND audit.change_set_marks.change_set_id = audit.change_sets.id WHERE audit.change_sets.customer_id = %(customer_id_1)s::UUID AND audit.change_sets.id BETWEEN %(id_1)s::UUID AND %(id_2)s::UUID AND audit.events.thing_id IS NULL AND audit.change_set_marks.id IS NULL LIMIT %(param_1)s::INTEGER;

-- app: audit.repository.was_done
SELECT audit.change_sets.id FROM audit.change_sets WHERE audit.change_sets.customer_id = %(customer_id_1)s::UUID AND audit.change_sets.verb = %(verb_1)s::VARCHAR AND audit.change_sets.door = %(door_1)s::VARCHAR LIMIT %(param_1)s::INTEGER;

-- backoffice: db.record.chaining.blank_content
-- backoffice: db.record.chaining.blank_names
SELECT audit.events.customer_id AS audit_events_customer_id, audit.events.change_set_id AS audit_events_change_set_id, audit.events.thing_id AS audit_events_thing_id, audit.events.to_version AS audit_events_to_version, audit.events.thing_type AS audit_events_thing_type, audit.events.from_version AS audit_events_from_version, audit.events.kind AS audit_events_kind, audit.events.fields AS audit_events_fields, audit.events.label AS audit_events_label, audit.events.at AS audit_events_at FROM audit.events WHERE audit.events.customer_id = %(pk_1)s::UUID AND audit.events.change_set_id = %(pk_2)s::UUID AND audit.events.thing_id = %(pk_3)s::UUID AND audit.events.to_version = %(pk_4)s::BIGINT;

-- worker: db.record.seals.events_of
-- worker: db.record.seals.recorded
SELECT audit.events.customer_id, audit.events.change_set_id, audit.events.thing_id, audit.events.to_version, audit.events.thing_type, audit.events.from_version, audit.events.kind, audit.events.fields, audit.events.label, audit.events.at FROM audit.events WHERE audit.events.customer_id = %(customer_id_1)s::UUID AND (audit.events.thing_id, audit.events.to_version) IN ((%(param_1_1_1)s, %(param_1_1_2)s)) ORDER BY audit.events.at DESC, audit.events.change_set_id DESC;

-- app: audit.repository.act_by_id
-- app: audit.repository.acts_page
-- app: audit.repository.recent_acts
SELECT audit.events.customer_id, audit.events.change_set_id, audit.events.thing_id, audit.events.to_version, audit.events.thing_type, audit.events.from_version, audit.events.kind, audit.events.fields, audit.events.label, audit.events.at FROM audit.events WHERE audit.events.customer_id = %(customer_id_1)s::UUID AND audit.events.change_set_id = %(change_set_id_1)s::UUID ORDER BY audit.events.thing_id, audit.events.to_version LIMIT %(param_1)s::INTEGER;

-- worker: db.record.seals.keys_between
SELECT audit.events.thing_id, audit.events.to_version FROM audit.events WHERE audit.events.customer_id = %(customer_id_1)s::UUID AND (audit.events.thing_id, audit.events.to_version) > (%(param_1)s::UUID, %(param_2)s::BIGINT) AND audit.events.thing_id <= %(thing_id_1)s::UUID ORDER BY audit.events.thing_id, audit.events.to_version LIMIT %(param_3)s::INTEGER;

-- worker: db.record.seals.keys_of_act
SELECT audit.events.thing_id, audit.events.to_version FROM audit.events WHERE audit.events.customer_id = %(customer_id_1)s::UUID AND audit.events.change_set_id = %(change_set_id_1)s::UUID;

-- worker: db.record.seals.end_of
SELECT audit.seal_heads.number, audit.seal_heads.last_number, audit.seal_heads.hash, audit.seal_heads.at, audit.seal_heads.marks FROM audit.seal_heads WHERE audit.seal_heads.customer_id = %(customer_id_1)s::UUID;

-- worker: db.record.seals.seals_after
SELECT audit.seals.customer_id, audit.seals.number, audit.seals.first_number, audit.seals.last_number, audit.seals.at, audit.seals.previous, audit.seals.hash, audit.seals.entries, audit.seals.marks, audit.seals.salts FROM audit.seals WHERE audit.seals.customer_id = %(customer_id_1)s::UUID AND audit.seals.number > %(number_1)s::BIGINT ORDER BY audit.seals.number LIMIT %(param_1)s::INTEGER;

-- worker: db.record.seals.newest_seal
SELECT audit.seals.customer_id, audit.seals.number, audit.seals.first_number, audit.seals.last_number, audit.seals.at, audit.seals.previous, audit.seals.hash, audit.seals.entries, audit.seals.marks, audit.seals.salts FROM audit.seals WHERE audit.seals.customer_id = %(customer_id_1)s::UUID ORDER BY audit.seals.number DESC LIMIT %(param_1)s::INTEGER;

-- worker: db.record.seals.marks_unsealed
SELECT audit.seals.marks FROM audit.seals WHERE audit.seals.customer_id = %(customer_id_1)s::UUID AND octet_length(audit.seals.marks) > %(octet_length_1)s::INTEGER;

-- backoffice: db.record.chaining.blank_content
-- backoffice: db.record.chaining.blank_names
SELECT audit.versions.customer_id AS audit_versions_customer_id, audit.versions.thing_id AS audit_versions_thing_id, audit.versions.version AS audit_versions_version, audit.versions.thing_type AS audit_versions_thing_type, audit.versions.kind AS audit_versions_kind, audit.versions.at AS audit_versions_at, audit.versions.change_set_id AS audit_versions_change_set_id, audit.versions.actor_kind AS audit_versions_actor_kind, audit.versions.actor_id AS audit_versions_actor_id, audit.versions.actor_name AS audit_versions_actor_name, audit.versions.door AS audit_versions_door, audit.versions.payload AS audit_versions_payload FROM audit.versions WHERE audit.versions.customer_id = %(pk_1)s::UUID AND audit.versions.thing_id = %(pk_2)s::UUID AND audit.versions.version = %(pk_3)s::BIGINT;

-- worker: db.record.seals.recorded
-- worker: db.record.seals.versions_of
SELECT audit.versions.customer_id, audit.versions.thing_id, audit.versions.version, audit.versions.thing_type, audit.versions.kind, audit.versions.at, audit.versions.change_set_id, audit.versions.actor_kind, audit.versions.actor_id, audit.versions.actor_name, audit.versions.door, audit.versions.payload FROM audit.versions WHERE audit.versions.customer_id = %(customer_id_1)s::UUID AND (audit.versions.thing_id, audit.versions.version) IN ((%(param_1_1_1)s, %(param_1_1_2)s));

-- app: catalog.categories.change
-- app: catalog.categories.find
-- app: catalog.categories.remove
SELECT catalog.categories.customer_id AS catalog_categories_customer_id, catalog.categories.id AS catalog_categories_id, catalog.categories.version AS catalog_categories_version, catalog.categories.slug AS catalog_categories_slug, catalog.categories.label AS catalog_categories_label, catalog.categories.labels AS catalog_categories_labels, catalog.categories.summary AS catalog_categories_summary, catalog.categories.position AS catalog_categories_position FROM catalog.categories WHERE catalog.categories.customer_id = %(pk_1)s::UUID AND catalog.categories.id = %(pk_2)s::UUID;

-- app: catalog.repository.categories_by_slug
SELECT catalog.categories.customer_id, catalog.categories.id, catalog.categories.version, catalog.categories.slug, catalog.categories.label, catalog.categories.labels, catalog.categories.summary, catalog.categories.position FROM catalog.categories WHERE catalog.categories.customer_id = %(customer_id_1)s::UUID AND catalog.categories.slug IN (%(slug_1_1)s::VARCHAR);

-- app: catalog.repository.categories_by_slug
SELECT catalog.categories.customer_id, catalog.categories.id, catalog.categories.version, catalog.categories.slug, catalog.categories.label, catalog.categories.labels, catalog.categories.summary, catalog.categories.position FROM catalog.categories WHERE catalog.categories.customer_id = %(customer_id_1)s::UUID AND catalog.categories.slug IN (NULL) AND (1 != 1);

-- app: catalog.repository.categories_of
SELECT catalog.categories.customer_id, catalog.categories.id, catalog.categories.version, catalog.categories.slug, catalog.categories.label, catalog.categories.labels, catalog.categories.summary, catalog.categories.position FROM catalog.categories WHERE catalog.categories.customer_id = %(customer_id_1)s::UUID ORDER BY catalog.categories.position, catalog.categories.slug;

-- app: catalog.categories.find
SELECT catalog.categories.id FROM catalog.categories WHERE catalog.categories.customer_id = %(customer_id_1)s::UUID AND catalog.categories.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: content.repository.labels_of_fields
SELECT catalog.field_definitions.code, catalog.field_definitions.label, catalog.field_definitions.labels FROM catalog.field_definitions WHERE catalog.field_definitions.customer_id = %(customer_id_1)s::UUID AND catalog.field_definitions.thing_type = %(thing_type_1)s::VARCHAR AND catalog.field_definitions.code IN (%(code_1_1)s::VARCHAR);

-- app: catalog.field_definitions.change
-- app: catalog.field_definitions.find
-- app: catalog.field_definitions.remove
SELECT catalog.field_definitions.customer_id AS catalog_field_definitions_customer_id, catalog.field_definitions.id AS catalog_field_definitions_id, catalog.field_definitions.version AS catalog_field_definitions_version, catalog.field_definitions.thing_type AS catalog_field_definitions_thing_type, catalog.field_definitions.code AS catalog_field_definitions_code, catalog.field_definitions.label AS catalog_field_definitions_label, catalog.field_definitions.labels AS catalog_field_definitions_labels, catalog.field_definitions.is_facet AS catalog_field_definitions_is_facet, catalog.field_definitions.position AS catalog_field_definitions_position FROM catalog.field_definitions WHERE catalog.field_definitions.customer_id = %(pk_1)s::UUID AND catalog.field_definitions.id = %(pk_2)s::UUID;

-- app: catalog.repository.fields_of
SELECT catalog.field_definitions.customer_id, catalog.field_definitions.id, catalog.field_definitions.version, catalog.field_definitions.thing_type, catalog.field_definitions.code, catalog.field_definitions.label, catalog.field_definitions.labels, catalog.field_definitions.is_facet, catalog.field_definitions.position FROM catalog.field_definitions WHERE catalog.field_definitions.customer_id = %(customer_id_1)s::UUID AND catalog.field_definitions.thing_type = %(thing_type_1)s::VARCHAR;

-- app: catalog.repository.find_field
SELECT catalog.field_definitions.customer_id, catalog.field_definitions.id, catalog.field_definitions.version, catalog.field_definitions.thing_type, catalog.field_definitions.code, catalog.field_definitions.label, catalog.field_definitions.labels, catalog.field_definitions.is_facet, catalog.field_definitions.position FROM catalog.field_definitions WHERE catalog.field_definitions.customer_id = %(customer_id_1)s::UUID AND catalog.field_definitions.thing_type = %(thing_type_1)s::VARCHAR AND catalog.field_definitions.code = %(code_1)s::VARCHAR;

-- app: catalog.field_definitions.find
SELECT catalog.field_definitions.id FROM catalog.field_definitions WHERE catalog.field_definitions.customer_id = %(customer_id_1)s::UUID AND catalog.field_definitions.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: catalog.options.change
-- app: catalog.options.remove
SELECT catalog.options.customer_id AS catalog_options_customer_id, catalog.options.product_id AS catalog_options_product_id, catalog.options.code AS catalog_options_code, catalog.options.label AS catalog_options_label, catalog.options.choices AS catalog_options_choices, catalog.options.position AS catalog_options_position FROM catalog.options WHERE catalog.options.customer_id = %(pk_1)s::UUID AND catalog.options.product_id = %(pk_2)s::UUID AND catalog.options.code = %(pk_3)s::VARCHAR;

-- app: catalog.repository.parts_of
SELECT catalog.options.customer_id, catalog.options.product_id, catalog.options.code, catalog.options.label, catalog.options.choices, catalog.options.position FROM catalog.options WHERE catalog.options.customer_id = %(customer_id_1)s::UUID AND catalog.options.product_id IN (%(product_id_1_1)s::UUID) ORDER BY catalog.options.position;

-- app: catalog.repository.parts_of
SELECT catalog.options.customer_id, catalog.options.product_id, catalog.options.code, catalog.options.label, catalog.options.choices, catalog.options.position FROM catalog.options WHERE catalog.options.customer_id = %(customer_id_1)s::UUID AND catalog.options.product_id IN (NULL) AND (1 != 1) ORDER BY catalog.options.position;

-- app: catalog.repository.price_history
SELECT catalog.price_history.customer_id, catalog.price_history.variant_id, catalog.price_history.kind, catalog.price_history.at, catalog.price_history.change_set_id, catalog.price_history.amount, catalog.price_history.currency, catalog.price_history.starts_at, catalog.price_history.ends_at FROM catalog.price_history WHERE catalog.price_history.customer_id = %(customer_id_1)s::UUID AND catalog.price_history.variant_id IN (%(variant_id_1_1)s::UUID) AND catalog.price_history.kind IN (%(kind_1_1)s::VARCHAR, %(kind_1_2)s::VARCHAR) ORDER BY catalog.price_history.at;

-- app: catalog.prices.change
-- app: catalog.prices.remove
SELECT catalog.prices.customer_id AS catalog_prices_customer_id, catalog.prices.variant_id AS catalog_prices_variant_id, catalog.prices.kind AS catalog_prices_kind, catalog.prices.amount AS catalog_prices_amount, catalog.prices.currency AS catalog_prices_currency, catalog.prices.starts_at AS catalog_prices_starts_at, catalog.prices.ends_at AS catalog_prices_ends_at FROM catalog.prices WHERE catalog.prices.customer_id = %(pk_1)s::UUID AND catalog.prices.variant_id = %(pk_2)s::UUID AND catalog.prices.kind = %(pk_3)s::VARCHAR;

-- app: catalog.repository.parts_of
SELECT catalog.prices.customer_id, catalog.prices.variant_id, catalog.prices.kind, catalog.prices.amount, catalog.prices.currency, catalog.prices.starts_at, catalog.prices.ends_at FROM catalog.prices WHERE catalog.prices.customer_id = %(customer_id_1)s::UUID AND catalog.prices.variant_id IN (%(variant_id_1_1)s::UUID);

-- app: catalog.product_images.change
-- app: catalog.product_images.remove
SELECT catalog.product_images.customer_id AS catalog_product_images_customer_id, catalog.product_images.product_id AS catalog_product_images_product_id, catalog.product_images.media_id AS catalog_product_images_media_id, catalog.product_images.position AS catalog_product_images_position FROM catalog.product_images WHERE catalog.product_images.customer_id = %(pk_1)s::UUID AND catalog.product_images.product_id = %(pk_2)s::UUID AND catalog.product_images.media_id = %(pk_3)s::UUID;

-- app: catalog.repository.parts_of
SELECT catalog.product_images.customer_id, catalog.product_images.product_id, catalog.product_images.media_id, catalog.product_images.position FROM catalog.product_images WHERE catalog.product_images.customer_id = %(customer_id_1)s::UUID AND catalog.product_images.product_id IN (%(product_id_1_1)s::UUID) ORDER BY catalog.product_images.position;

-- app: catalog.repository.parts_of
SELECT catalog.product_images.customer_id, catalog.product_images.product_id, catalog.product_images.media_id, catalog.product_images.position FROM catalog.product_images WHERE catalog.product_images.customer_id = %(customer_id_1)s::UUID AND catalog.product_images.product_id IN (NULL) AND (1 != 1) ORDER BY catalog.product_images.position;

-- app: catalog.product_posts.change
-- app: catalog.product_posts.remove
SELECT catalog.product_posts.customer_id AS catalog_product_posts_customer_id, catalog.product_posts.product_id AS catalog_product_posts_product_id, catalog.product_posts.post_id AS catalog_product_posts_post_id, catalog.product_posts.position AS catalog_product_posts_position FROM catalog.product_posts WHERE catalog.product_posts.customer_id = %(pk_1)s::UUID AND catalog.product_posts.product_id = %(pk_2)s::UUID AND catalog.product_posts.post_id = %(pk_3)s::UUID;

-- app: catalog.repository.parts_of
SELECT catalog.product_posts.customer_id, catalog.product_posts.product_id, catalog.product_posts.post_id, catalog.product_posts.position FROM catalog.product_posts WHERE catalog.product_posts.customer_id = %(customer_id_1)s::UUID AND catalog.product_posts.product_id IN (%(product_id_1_1)s::UUID) ORDER BY catalog.product_posts.position;

-- app: catalog.repository.parts_of
SELECT catalog.product_posts.customer_id, catalog.product_posts.product_id, catalog.product_posts.post_id, catalog.product_posts.position FROM catalog.product_posts WHERE catalog.product_posts.customer_id = %(customer_id_1)s::UUID AND catalog.product_posts.product_id IN (NULL) AND (1 != 1) ORDER BY catalog.product_posts.position;

-- app: catalog.product_publications.change
-- app: catalog.product_publications.remove
SELECT catalog.product_publications.customer_id AS catalog_product_publications_customer_id, catalog.product_publications.site_id AS catalog_product_publications_site_id, catalog.product_publications.product_id AS catalog_product_publications_product_id, catalog.product_publications.lang AS catalog_product_publications_lang, catalog.product_publications.translation_key AS catalog_product_publications_translation_key, catalog.product_publications.slug AS catalog_product_publications_slug, catalog.product_publications.title AS catalog_product_publications_title, catalog.product_publications.category AS catalog_product_publications_category, catalog.product_publications.text_version AS catalog_product_publications_text_version, catalog.product_publications.offer_version AS catalog_product_publications_offer_version, catalog.product_publications.render_version AS catalog_product_publications_render_version, catalog.product_publications.published_at AS catalog_product_publications_published_at, catalog.product_publications.updated_at AS catalog_product_publications_updated_at, catalog.product_publications.text AS catalog_product_publications_text, catalog.product_publications.offer AS catalog_product_publications_offer FROM catalog.product_publications WHERE catalog.product_publications.customer_id = %(pk_1)s::UUID AND catalog.product_publications.site_id = %(pk_2)s::UUID AND catalog.product_publications.product_id = %(pk_3)s::UUID;

-- app: catalog.repository.publications_of
-- app: catalog.repository.recent_products
SELECT catalog.product_publications.customer_id, catalog.product_publications.site_id, catalog.product_publications.product_id, catalog.product_publications.lang, catalog.product_publications.translation_key, catalog.product_publications.slug, catalog.product_publications.title, catalog.product_publications.category, catalog.product_publications.text_version, catalog.product_publications.offer_version, catalog.product_publications.render_version, catalog.product_publications.published_at, catalog.product_publications.updated_at, catalog.product_publications.text, catalog.product_publications.offer FROM catalog.product_publications WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_publications.product_id IN (%(product_id_1_1)s::UUID);

-- app: catalog.repository.publications_of
-- app: catalog.repository.recent_products
SELECT catalog.product_publications.customer_id, catalog.product_publications.site_id, catalog.product_publications.product_id, catalog.product_publications.lang, catalog.product_publications.translation_key, catalog.product_publications.slug, catalog.product_publications.title, catalog.product_publications.category, catalog.product_publications.text_version, catalog.product_publications.offer_version, catalog.product_publications.render_version, catalog.product_publications.published_at, catalog.product_publications.updated_at, catalog.product_publications.text, catalog.product_publications.offer FROM catalog.product_publications WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_publications.product_id IN (NULL) AND (1 != 1);

-- app: publishing.repository.translations_of_product
SELECT catalog.product_publications.lang, catalog.product_publications.slug, catalog.product_publications.title FROM catalog.product_publications WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_publications.site_id = %(site_id_1)s::UUID AND catalog.product_publications.translation_key = %(translation_key_1)s::UUID;

-- app: catalog.repository.shown_of
SELECT catalog.product_publications.site_id, catalog.product_publications.text_version, catalog.product_publications.offer_version, catalog.product_publications.offer FROM catalog.product_publications WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_publications.product_id = %(product_id_1)s::UUID;

-- app: catalog.repository.slugs_taken
SELECT catalog.product_publications.slug, catalog.product_publications.title FROM catalog.product_publications WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_publications.lang = %(lang_1)s::VARCHAR AND catalog.product_publications.slug IN (%(slug_1_1)s::VARCHAR) AND catalog.product_publications.product_id != %(product_id_1)s::UUID;

-- app: catalog.repository.slugs_taken
SELECT catalog.product_publications.slug, catalog.product_publications.title FROM catalog.product_publications WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_publications.lang = %(lang_1)s::VARCHAR AND catalog.product_publications.slug IN (NULL) AND (1 != 1) AND catalog.product_publications.product_id != %(product_id_1)s::UUID;

-- app: publishing.repository.find_product
SELECT catalog.product_publications.text, catalog.product_publications.offer FROM catalog.product_publications WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID AND catalog.product_publications.site_id = %(site_id_1)s::UUID AND catalog.product_publications.lang = %(lang_1)s::VARCHAR AND catalog.product_publications.slug = %(slug_1)s::VARCHAR;

-- app: catalog.product_sites.change
-- app: catalog.product_sites.remove
SELECT catalog.product_sites.customer_id AS catalog_product_sites_customer_id, catalog.product_sites.product_id AS catalog_product_sites_product_id, catalog.product_sites.site_id AS catalog_product_sites_site_id FROM catalog.product_sites WHERE catalog.product_sites.customer_id = %(pk_1)s::UUID AND catalog.product_sites.product_id = %(pk_2)s::UUID AND catalog.product_sites.site_id = %(pk_3)s::UUID;

-- app: catalog.repository.parts_of
SELECT catalog.product_sites.customer_id, catalog.product_sites.product_id, catalog.product_sites.site_id FROM catalog.product_sites WHERE catalog.product_sites.customer_id = %(customer_id_1)s::UUID AND catalog.product_sites.product_id IN (%(product_id_1_1)s::UUID) ORDER BY catalog.product_sites.site_id;

-- app: catalog.repository.parts_of
SELECT catalog.product_sites.customer_id, catalog.product_sites.product_id, catalog.product_sites.site_id FROM catalog.product_sites WHERE catalog.product_sites.customer_id = %(customer_id_1)s::UUID AND catalog.product_sites.product_id IN (NULL) AND (1 != 1) ORDER BY catalog.product_sites.site_id;

-- app: catalog.repository.versions_of_product
SELECT catalog.product_versions.customer_id, catalog.product_versions.thing_id, catalog.product_versions.version, catalog.product_versions.title, catalog.product_versions.kind, catalog.product_versions.at, catalog.product_versions.change_set_id, catalog.product_versions.actor_kind, catalog.product_versions.actor_id, catalog.product_versions.actor_name, catalog.product_versions.door FROM catalog.product_versions WHERE catalog.product_versions.customer_id = %(customer_id_1)s::UUID AND catalog.product_versions.thing_id = %(thing_id_1)s::UUID AND catalog.product_versions.version < %(version_1)s::BIGINT ORDER BY catalog.product_versions.version DESC LIMIT %(param_1)s::INTEGER;

-- app: catalog.repository.versions_of_product
SELECT catalog.product_versions.customer_id, catalog.product_versions.thing_id, catalog.product_versions.version, catalog.product_versions.title, catalog.product_versions.kind, catalog.product_versions.at, catalog.product_versions.change_set_id, catalog.product_versions.actor_kind, catalog.product_versions.actor_id, catalog.product_versions.actor_name, catalog.product_versions.door FROM catalog.product_versions WHERE catalog.product_versions.customer_id = %(customer_id_1)s::UUID AND catalog.product_versions.thing_id = %(thing_id_1)s::UUID ORDER BY catalog.product_versions.version DESC LIMIT %(param_1)s::INTEGER;

-- app: catalog.repository.version_of_product
SELECT catalog.product_versions.customer_id, catalog.product_versions.thing_id, catalog.product_versions.version, catalog.product_versions.title, catalog.product_versions.kind, catalog.product_versions.at, catalog.product_versions.change_set_id, catalog.product_versions.actor_kind, catalog.product_versions.actor_id, catalog.product_versions.actor_name, catalog.product_versions.door, catalog.product_versions.payload FROM catalog.product_versions WHERE catalog.product_versions.customer_id = %(customer_id_1)s::UUID AND catalog.product_versions.thing_id = %(thing_id_1)s::UUID AND catalog.product_versions.version = %(version_1)s::BIGINT ORDER BY catalog.product_versions.version DESC LIMIT %(param_1)s::INTEGER;

-- app: catalog.repository.version_of_product
SELECT catalog.product_versions.customer_id, catalog.product_versions.thing_id, catalog.product_versions.version, catalog.product_versions.title, catalog.product_versions.kind, catalog.product_versions.at, catalog.product_versions.change_set_id, catalog.product_versions.actor_kind, catalog.product_versions.actor_id, catalog.product_versions.actor_name, catalog.product_versions.door, catalog.product_versions.payload FROM catalog.product_versions WHERE catalog.product_versions.customer_id = %(customer_id_1)s::UUID AND catalog.product_versions.thing_id = %(thing_id_1)s::UUID ORDER BY catalog.product_versions.version DESC LIMIT %(param_1)s::INTEGER;

-- app: catalog.products.change
-- app: catalog.products.find
-- app: catalog.products.remove
SELECT catalog.products.customer_id AS catalog_products_customer_id, catalog.products.id AS catalog_products_id, catalog.products.version AS catalog_products_version, catalog.products.lang AS catalog_products_lang, catalog.products.translation_key AS catalog_products_translation_key, catalog.products.slug AS catalog_products_slug, catalog.products.title AS catalog_products_title, catalog.products.summary AS catalog_products_summary, catalog.products.body_source AS catalog_products_body_source, catalog.products.body_format AS catalog_products_body_format, catalog.products.brand AS catalog_products_brand, catalog.products.category_id AS catalog_products_category_id, catalog.products.tags AS catalog_products_tags, catalog.products.fields AS catalog_products_fields, catalog.products.tax_rate_percent AS catalog_products_tax_rate_percent, catalog.products.is_featured AS catalog_products_is_featured, catalog.products.state AS catalog_products_state, catalog.products.text_version AS catalog_products_text_version, catalog.products.published_at AS catalog_products_published_at, catalog.products.created_by AS catalog_products_created_by, catalog.products.created_at AS catalog_products_created_at, catalog.products.updated_at AS catalog_products_updated_at FROM catalog.products WHERE catalog.products.customer_id = %(pk_1)s::UUID AND catalog.products.id = %(pk_2)s::UUID;

-- app: catalog.repository.products_page
SELECT catalog.products.customer_id, catalog.products.id, catalog.products.version, catalog.products.lang, catalog.products.translation_key, catalog.products.slug, catalog.products.title, catalog.products.summary, catalog.products.body_source, catalog.products.body_format, catalog.products.brand, catalog.products.category_id, catalog.products.tags, catalog.products.fields, catalog.products.tax_rate_percent, catalog.products.is_featured, catalog.products.state, catalog.products.text_version, catalog.products.published_at, catalog.products.created_by, catalog.products.created_at, catalog.products.updated_at FROM catalog.products JOIN catalog.products_page(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = catalog.products.id WHERE catalog.products.customer_id = %(customer_id_1)s::UUID ORDER BY catalog.products.id;

-- app: catalog.repository.find_product
SELECT catalog.products.customer_id, catalog.products.id, catalog.products.version, catalog.products.lang, catalog.products.translation_key, catalog.products.slug, catalog.products.title, catalog.products.summary, catalog.products.body_source, catalog.products.body_format, catalog.products.brand, catalog.products.category_id, catalog.products.tags, catalog.products.fields, catalog.products.tax_rate_percent, catalog.products.is_featured, catalog.products.state, catalog.products.text_version, catalog.products.published_at, catalog.products.created_by, catalog.products.created_at, catalog.products.updated_at FROM catalog.products WHERE catalog.products.customer_id = %(customer_id_1)s::UUID AND catalog.products.lang = %(lang_1)s::VARCHAR AND catalog.products.slug = %(slug_1)s::VARCHAR;

-- app: catalog.repository.recent_products
SELECT catalog.products.customer_id, catalog.products.id, catalog.products.version, catalog.products.lang, catalog.products.translation_key, catalog.products.slug, catalog.products.title, catalog.products.summary, catalog.products.body_source, catalog.products.body_format, catalog.products.brand, catalog.products.category_id, catalog.products.tags, catalog.products.fields, catalog.products.tax_rate_percent, catalog.products.is_featured, catalog.products.state, catalog.products.text_version, catalog.products.published_at, catalog.products.created_by, catalog.products.created_at, catalog.products.updated_at, listed.at, catalog.product_versions.actor_name FROM catalog.products JOIN catalog.recent_products(CAST(%(param_1)s::VARCHAR AS TEXT), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_4)s::UUID AS UUID), CAST(%(param_5)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = catalog.products.id JOIN catalog.product_versions ON catalog.product_versions.customer_id = catalog.products.customer_id AND catalog.product_versions.thing_id = catalog.products.id AND catalog.product_versions.version = catalog.products.version WHERE catalog.products.customer_id = %(customer_id_1)s::UUID AND catalog.product_versions.customer_id = %(customer_id_2)s::UUID ORDER BY listed.at DESC, listed.id DESC;

-- worker: db.record.usage.fold_usage
SELECT catalog.products.customer_id, count(*) AS count_1 FROM catalog.products WHERE catalog.products.customer_id IN (%(customer_id_1_1)s::UUID) GROUP BY catalog.products.customer_id;

-- app: catalog.products.find
SELECT catalog.products.id FROM catalog.products WHERE catalog.products.customer_id = %(customer_id_1)s::UUID AND catalog.products.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: audit.repository.products_present
SELECT catalog.products.id FROM catalog.products WHERE catalog.products.customer_id = %(customer_id_1)s::UUID AND catalog.products.id IN (%(id_1_1)s::UUID);

-- app: catalog.repository.slugs_taken
SELECT catalog.products.slug, catalog.products.title FROM catalog.products WHERE catalog.products.customer_id = %(customer_id_1)s::UUID AND catalog.products.lang = %(lang_1)s::VARCHAR AND catalog.products.slug IN (%(slug_1_1)s::VARCHAR) AND catalog.products.id != %(id_1)s::UUID;

-- app: catalog.repository.slugs_taken
SELECT catalog.products.slug, catalog.products.title FROM catalog.products WHERE catalog.products.customer_id = %(customer_id_1)s::UUID AND catalog.products.lang = %(lang_1)s::VARCHAR AND catalog.products.slug IN (NULL) AND (1 != 1) AND catalog.products.id != %(id_1)s::UUID;

-- app: catalog.stock.change
-- app: catalog.stock.remove
SELECT catalog.stock.customer_id AS catalog_stock_customer_id, catalog.stock.variant_id AS catalog_stock_variant_id, catalog.stock.on_hand AS catalog_stock_on_hand, catalog.stock.availability AS catalog_stock_availability, catalog.stock.available_from AS catalog_stock_available_from FROM catalog.stock WHERE catalog.stock.customer_id = %(pk_1)s::UUID AND catalog.stock.variant_id = %(pk_2)s::UUID;

-- app: catalog.repository.parts_of
SELECT catalog.stock.customer_id, catalog.stock.variant_id, catalog.stock.on_hand, catalog.stock.availability, catalog.stock.available_from FROM catalog.stock WHERE catalog.stock.customer_id = %(customer_id_1)s::UUID AND catalog.stock.variant_id IN (%(variant_id_1_1)s::UUID);

-- app: catalog.variants.change
-- app: catalog.variants.remove
SELECT catalog.variants.customer_id AS catalog_variants_customer_id, catalog.variants.id AS catalog_variants_id, catalog.variants.product_id AS catalog_variants_product_id, catalog.variants.sku AS catalog_variants_sku, catalog.variants.sku_norm AS catalog_variants_sku_norm, catalog.variants.gtin AS catalog_variants_gtin, catalog.variants.option_values AS catalog_variants_option_values, catalog.variants.unit_measure AS catalog_variants_unit_measure, catalog.variants.weight_g AS catalog_variants_weight_g, catalog.variants.images AS catalog_variants_images, catalog.variants.position AS catalog_variants_position FROM catalog.variants WHERE catalog.variants.customer_id = %(pk_1)s::UUID AND catalog.variants.id = %(pk_2)s::UUID;

-- app: catalog.repository.parts_of
SELECT catalog.variants.customer_id, catalog.variants.id, catalog.variants.product_id, catalog.variants.sku, catalog.variants.sku_norm, catalog.variants.gtin, catalog.variants.option_values, catalog.variants.unit_measure, catalog.variants.weight_g, catalog.variants.images, catalog.variants.position FROM catalog.variants WHERE catalog.variants.customer_id = %(customer_id_1)s::UUID AND catalog.variants.product_id IN (%(product_id_1_1)s::UUID) ORDER BY catalog.variants.position, catalog.variants.id;

-- app: catalog.repository.parts_of
SELECT catalog.variants.customer_id, catalog.variants.id, catalog.variants.product_id, catalog.variants.sku, catalog.variants.sku_norm, catalog.variants.gtin, catalog.variants.option_values, catalog.variants.unit_measure, catalog.variants.weight_g, catalog.variants.images, catalog.variants.position FROM catalog.variants WHERE catalog.variants.customer_id = %(customer_id_1)s::UUID AND catalog.variants.product_id IN (NULL) AND (1 != 1) ORDER BY catalog.variants.position, catalog.variants.id;

-- app: catalog.repository.variant_by_sku
SELECT catalog.variants.customer_id, catalog.variants.id, catalog.variants.product_id, catalog.variants.sku, catalog.variants.sku_norm, catalog.variants.gtin, catalog.variants.option_values, catalog.variants.unit_measure, catalog.variants.weight_g, catalog.variants.images, catalog.variants.position FROM catalog.variants WHERE catalog.variants.customer_id = %(customer_id_1)s::UUID AND catalog.variants.sku_norm = %(sku_norm_1)s::VARCHAR;

-- app: catalog.repository.skus_taken
SELECT catalog.variants.sku_norm, catalog.products.title FROM catalog.variants JOIN catalog.products ON catalog.products.customer_id = catalog.variants.customer_id AND catalog.products.id = catalog.variants.product_id WHERE catalog.variants.customer_id = %(customer_id_1)s::UUID AND catalog.products.customer_id = %(customer_id_2)s::UUID AND catalog.variants.sku_norm IN (%(sku_norm_1_1)s::VARCHAR) AND catalog.variants.product_id != %(product_id_1)s::UUID;

-- app: catalog.repository.skus_taken
SELECT catalog.variants.sku_norm, catalog.products.title FROM catalog.variants JOIN catalog.products ON catalog.products.customer_id = catalog.variants.customer_id AND catalog.products.id = catalog.variants.product_id WHERE catalog.variants.customer_id = %(customer_id_1)s::UUID AND catalog.products.customer_id = %(customer_id_2)s::UUID AND catalog.variants.sku_norm IN (NULL) AND (1 != 1) AND catalog.variants.product_id != %(product_id_1)s::UUID;

-- app: content.authors.change
-- app: content.authors.find
-- app: content.authors.remove
SELECT content.authors.customer_id AS content_authors_customer_id, content.authors.id AS content_authors_id, content.authors.version AS content_authors_version, content.authors.slug AS content_authors_slug, content.authors.name AS content_authors_name, content.authors."role" AS content_authors_role, content.authors.bio AS content_authors_bio, content.authors.image_id AS content_authors_image_id, content.authors.texts AS content_authors_texts, content.authors.user_id AS content_authors_user_id FROM content.authors WHERE content.authors.customer_id = %(pk_1)s::UUID AND content.authors.id = %(pk_2)s::UUID;

-- app: content.repository.find_author
SELECT content.authors.customer_id, content.authors.id, content.authors.version, content.authors.slug, content.authors.name, content.authors."role", content.authors.bio, content.authors.image_id, content.authors.texts, content.authors.user_id FROM content.authors WHERE content.authors.customer_id = %(customer_id_1)s::UUID AND content.authors.slug = %(slug_1)s::VARCHAR;

-- app: content.repository.authors_of_customer
SELECT content.authors.customer_id, content.authors.id, content.authors.version, content.authors.slug, content.authors.name, content.authors."role", content.authors.bio, content.authors.image_id, content.authors.texts, content.authors.user_id FROM content.authors WHERE content.authors.customer_id = %(customer_id_1)s::UUID ORDER BY content.authors.name, content.authors.id LIMIT %(param_1)s::INTEGER;

-- app: content.authors.find
SELECT content.authors.id FROM content.authors WHERE content.authors.customer_id = %(customer_id_1)s::UUID AND content.authors.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: content.media.change
-- app: content.media.find
-- app: content.media.remove
SELECT content.media.customer_id AS content_media_customer_id, content.media.id AS content_media_id, content.media.version AS content_media_version, content.media.name AS content_media_name, content.media.content_type AS content_media_content_type, content.media.width AS content_media_width, content.media.height AS content_media_height, content.media.alt AS content_media_alt, content.media.created_by AS content_media_created_by, content.media.created_at AS content_media_created_at FROM content.media WHERE content.media.customer_id = %(pk_1)s::UUID AND content.media.id = %(pk_2)s::UUID;

-- app: content.media.page
SELECT content.media.customer_id, content.media.id, content.media.version, content.media.name, content.media.content_type, content.media.width, content.media.height, content.media.alt, content.media.created_by, content.media.created_at FROM content.media WHERE content.media.customer_id = %(customer_id_1)s::UUID AND content.media.id > %(id_1)s::UUID ORDER BY content.media.id LIMIT %(param_1)s::INTEGER;

-- app: content.media.page
SELECT content.media.customer_id, content.media.id, content.media.version, content.media.name, content.media.content_type, content.media.width, content.media.height, content.media.alt, content.media.created_by, content.media.created_at FROM content.media WHERE content.media.customer_id = %(customer_id_1)s::UUID ORDER BY content.media.id LIMIT %(param_1)s::INTEGER;

-- app: publishing.repository.pictures_by_name
SELECT content.media.customer_id, content.media.id, content.media.version, content.media.name, content.media.content_type, content.media.width, content.media.height, content.media.alt, content.media.created_by, content.media.created_at, content.media_renditions.customer_id AS customer_id_1, content.media_renditions.media_id, content.media_renditions.purpose, content.media_renditions.width AS width_1, content.media_renditions.height AS height_1, content.media_renditions.hash, content.media_renditions.name AS name_1, content.media_renditions.content_type AS content_type_1, content.media_renditions.bytes FROM content.media LEFT OUTER JOIN content.media_renditions ON content.media_renditions.customer_id = content.media.customer_id AND content.media_renditions.media_id = content.media.id AND content.media_renditions.purpose != %(purpose_1)s::VARCHAR WHERE content.media.customer_id = %(customer_id_2)s::UUID AND content.media.name IN (%(name_2_1)s::VARCHAR) ORDER BY content.media.name, content.media_renditions.width;

-- app: media.repository.pictures
SELECT content.media.customer_id, content.media.id, content.media.version, content.media.name, content.media.content_type, content.media.width, content.media.height, content.media.alt, content.media.created_by, content.media.created_at, content.media_renditions.customer_id AS customer_id_1, content.media_renditions.media_id, content.media_renditions.purpose, content.media_renditions.width AS width_1, content.media_renditions.height AS height_1, content.media_renditions.hash, content.media_renditions.name AS name_1, content.media_renditions.content_type AS content_type_1, content.media_renditions.bytes FROM content.media LEFT OUTER JOIN content.media_renditions ON content.media_renditions.customer_id = content.media.customer_id AND content.media_renditions.media_id = content.media.id WHERE content.media.customer_id = %(customer_id_2)s::UUID AND (content.media.id IN (%(id_1_1)s::UUID) OR content.media.name IN (NULL) AND (1 != 1)) ORDER BY content.media.id, content.media_renditions.width;

-- app: media.repository.pictures
SELECT content.media.customer_id, content.media.id, content.media.version, content.media.name, content.media.content_type, content.media.width, content.media.height, content.media.alt, content.media.created_by, content.media.created_at, content.media_renditions.customer_id AS customer_id_1, content.media_renditions.media_id, content.media_renditions.purpose, content.media_renditions.width AS width_1, content.media_renditions.height AS height_1, content.media_renditions.hash, content.media_renditions.name AS name_1, content.media_renditions.content_type AS content_type_1, content.media_renditions.bytes FROM content.media LEFT OUTER JOIN content.media_renditions ON content.media_renditions.customer_id = content.media.customer_id AND content.media_renditions.media_id = content.media.id WHERE content.media.customer_id = %(customer_id_2)s::UUID AND (content.media.id IN (NULL) AND (1 != 1) OR content.media.name IN (%(name_2_1)s::VARCHAR)) ORDER BY content.media.id, content.media_renditions.width;

-- worker: db.record.usage.fold_usage
SELECT content.media.customer_id, count(*) AS count_1 FROM content.media WHERE content.media.customer_id IN (%(customer_id_1_1)s::UUID) GROUP BY content.media.customer_id;

-- app: content.media.find
SELECT content.media.id FROM content.media WHERE content.media.customer_id = %(customer_id_1)s::UUID AND content.media.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: content.media_renditions.change
-- app: content.media_renditions.remove
SELECT content.media_renditions.customer_id AS content_media_renditions_customer_id, content.media_renditions.media_id AS content_media_renditions_media_id, content.media_renditions.purpose AS content_media_renditions_purpose, content.media_renditions.width AS content_media_renditions_width, content.media_renditions.height AS content_media_renditions_height, content.media_renditions.hash AS content_media_renditions_hash, content.media_renditions.name AS content_media_renditions_name, content.media_renditions.content_type AS content_media_renditions_content_type, content.media_renditions.bytes AS content_media_renditions_bytes FROM content.media_renditions WHERE content.media_renditions.customer_id = %(pk_1)s::UUID AND content.media_renditions.media_id = %(pk_2)s::UUID AND content.media_renditions.purpose = %(pk_3)s::VARCHAR AND content.media_renditions.width = %(pk_4)s::BIGINT;

-- app: publishing.repository.find_file
SELECT content.media_renditions.customer_id, content.media_renditions.media_id, content.media_renditions.purpose, content.media_renditions.width, content.media_renditions.height, content.media_renditions.hash, content.media_renditions.name, content.media_renditions.content_type, content.media_renditions.bytes FROM content.media_renditions WHERE content.media_renditions.customer_id = %(customer_id_1)s::UUID AND content.media_renditions.hash = %(hash_1)s::VARCHAR AND content.media_renditions.name = %(name_1)s::VARCHAR AND content.media_renditions.purpose != %(purpose_1)s::VARCHAR LIMIT %(param_1)s::INTEGER;

-- worker: db.record.usage.fold_usage
SELECT content.media_renditions.customer_id, sum(content.media_renditions.bytes) AS sum_1 FROM content.media_renditions WHERE content.media_renditions.customer_id IN (%(customer_id_1_1)s::UUID) GROUP BY content.media_renditions.customer_id;

-- app: content.menus.change
-- app: content.menus.find
-- app: content.menus.remove
SELECT content.menus.customer_id AS content_menus_customer_id, content.menus.id AS content_menus_id, content.menus.version AS content_menus_version, content.menus.site_id AS content_menus_site_id, content.menus.lang AS content_menus_lang, content.menus.name AS content_menus_name, content.menus.items AS content_menus_items FROM content.menus WHERE content.menus.customer_id = %(pk_1)s::UUID AND content.menus.id = %(pk_2)s::UUID;

-- app: content.menus.page
SELECT content.menus.customer_id, content.menus.id, content.menus.version, content.menus.site_id, content.menus.lang, content.menus.name, content.menus.items FROM content.menus WHERE content.menus.customer_id = %(customer_id_1)s::UUID AND content.menus.id > %(id_1)s::UUID AND content.menus.site_id = %(site_id_1)s::UUID ORDER BY content.menus.id LIMIT %(param_1)s::INTEGER;

-- app: content.menus.page
SELECT content.menus.customer_id, content.menus.id, content.menus.version, content.menus.site_id, content.menus.lang, content.menus.name, content.menus.items FROM content.menus WHERE content.menus.customer_id = %(customer_id_1)s::UUID AND content.menus.id > %(id_1)s::UUID ORDER BY content.menus.id LIMIT %(param_1)s::INTEGER;

-- app: content.repository.find_menu
SELECT content.menus.customer_id, content.menus.id, content.menus.version, content.menus.site_id, content.menus.lang, content.menus.name, content.menus.items FROM content.menus WHERE content.menus.customer_id = %(customer_id_1)s::UUID AND content.menus.site_id = %(site_id_1)s::UUID AND content.menus.lang = %(lang_1)s::VARCHAR AND content.menus.name = %(name_1)s::VARCHAR;

-- app: content.menus.page
SELECT content.menus.customer_id, content.menus.id, content.menus.version, content.menus.site_id, content.menus.lang, content.menus.name, content.menus.items FROM content.menus WHERE content.menus.customer_id = %(customer_id_1)s::UUID AND content.menus.site_id = %(site_id_1)s::UUID ORDER BY content.menus.id LIMIT %(param_1)s::INTEGER;

-- app: content.repository.menus_of_site
SELECT content.menus.customer_id, content.menus.id, content.menus.version, content.menus.site_id, content.menus.lang, content.menus.name, content.menus.items FROM content.menus WHERE content.menus.customer_id = %(customer_id_1)s::UUID AND content.menus.site_id = %(site_id_1)s::UUID ORDER BY content.menus.lang, content.menus.name LIMIT %(param_1)s::INTEGER;

-- app: content.menus.page
SELECT content.menus.customer_id, content.menus.id, content.menus.version, content.menus.site_id, content.menus.lang, content.menus.name, content.menus.items FROM content.menus WHERE content.menus.customer_id = %(customer_id_1)s::UUID ORDER BY content.menus.id LIMIT %(param_1)s::INTEGER;

-- app: content.menus.find
SELECT content.menus.id FROM content.menus WHERE content.menus.customer_id = %(customer_id_1)s::UUID AND content.menus.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: content.post_tags.change
-- app: content.post_tags.remove
SELECT content.post_tags.customer_id AS content_post_tags_customer_id, content.post_tags.post_id AS content_post_tags_post_id, content.post_tags.tag_id AS content_post_tags_tag_id, content.post_tags.position AS content_post_tags_position FROM content.post_tags WHERE content.post_tags.customer_id = %(pk_1)s::UUID AND content.post_tags.post_id = %(pk_2)s::UUID AND content.post_tags.tag_id = %(pk_3)s::UUID;

-- app: content.repository.post_tags
SELECT content.post_tags.customer_id, content.post_tags.post_id, content.post_tags.tag_id, content.post_tags.position FROM content.post_tags WHERE content.post_tags.customer_id = %(customer_id_1)s::UUID AND content.post_tags.post_id = %(post_id_1)s::UUID ORDER BY content.post_tags.position;

-- app: content.repository.tags_of_posts
SELECT content.post_tags.post_id, content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.post_tags JOIN content.tags ON content.tags.customer_id = content.post_tags.customer_id AND content.tags.id = content.post_tags.tag_id WHERE content.post_tags.customer_id = %(customer_id_1)s::UUID AND content.post_tags.post_id IN (%(post_id_1_1)s::UUID) ORDER BY content.post_tags.post_id, content.post_tags.position;

-- app: content.repository.last_version_of_post
-- app: content.repository.version_of_post
SELECT content.post_versions.customer_id AS content_post_versions_customer_id, content.post_versions.thing_id AS content_post_versions_thing_id, content.post_versions.version AS content_post_versions_version, content.post_versions.site_id AS content_post_versions_site_id, content.post_versions.title AS content_post_versions_title, content.post_versions.kind AS content_post_versions_kind, content.post_versions.at AS content_post_versions_at, content.post_versions.change_set_id AS content_post_versions_change_set_id, content.post_versions.actor_kind AS content_post_versions_actor_kind, content.post_versions.actor_id AS content_post_versions_actor_id, content.post_versions.actor_name AS content_post_versions_actor_name, content.post_versions.door AS content_post_versions_door, content.post_versions.payload AS content_post_versions_payload FROM content.post_versions WHERE content.post_versions.customer_id = %(pk_1)s::UUID AND content.post_versions.thing_id = %(pk_2)s::UUID AND content.post_versions.version = %(pk_3)s::BIGINT;

-- app: content.repository.versions_of_post
SELECT content.post_versions.version, content.post_versions.kind, content.post_versions.at, content.post_versions.title, content.post_versions.change_set_id, content.post_versions.actor_kind, content.post_versions.actor_id, content.post_versions.actor_name, content.post_versions.door FROM content.post_versions WHERE content.post_versions.customer_id = %(customer_id_1)s::UUID AND content.post_versions.thing_id = %(thing_id_1)s::UUID AND content.post_versions.version < %(version_1)s::BIGINT ORDER BY content.post_versions.version DESC LIMIT %(param_1)s::INTEGER;

-- app: content.repository.last_version_of_post
-- app: content.repository.versions_of_post
SELECT content.post_versions.version, content.post_versions.kind, content.post_versions.at, content.post_versions.title, content.post_versions.change_set_id, content.post_versions.actor_kind, content.post_versions.actor_id, content.post_versions.actor_name, content.post_versions.door FROM content.post_versions WHERE content.post_versions.customer_id = %(customer_id_1)s::UUID AND content.post_versions.thing_id = %(thing_id_1)s::UUID ORDER BY content.post_versions.version DESC LIMIT %(param_1)s::INTEGER;

-- app: content.posts.change
-- app: content.posts.find
-- app: content.posts.remove
-- app: content.repository.post_by_id
SELECT content.posts.customer_id AS content_posts_customer_id, content.posts.id AS content_posts_id, content.posts.version AS content_posts_version, content.posts.site_id AS content_posts_site_id, content.posts.kind AS content_posts_kind, content.posts.lang AS content_posts_lang, content.posts.translation_key AS content_posts_translation_key, content.posts.slug AS content_posts_slug, content.posts.title AS content_posts_title, content.posts.summary AS content_posts_summary, content.posts.body_source AS content_posts_body_source, content.posts.body_format AS content_posts_body_format, content.posts.state AS content_posts_state, content.posts.author_id AS content_posts_author_id, content.posts.cover_id AS content_posts_cover_id, content.posts.seo_title AS content_posts_seo_title, content.posts.fields AS content_posts_fields, content.posts.is_featured AS content_posts_is_featured, content.posts.position AS content_posts_position, content.posts.published_at AS content_posts_published_at, content.posts.created_by AS content_posts_created_by, content.posts.created_at AS content_posts_created_at, content.posts.updated_at AS content_posts_updated_at FROM content.posts WHERE content.posts.customer_id = %(pk_1)s::UUID AND content.posts.id = %(pk_2)s::UUID;

-- worker: content.repository.trashed_before
SELECT content.posts.customer_id, content.posts.id, content.posts.version FROM content.posts JOIN content.post_versions ON content.post_versions.customer_id = content.posts.customer_id AND content.post_versions.thing_id = content.posts.id AND content.post_versions.version = content.posts.version WHERE content.posts.state = %(state_1)s::VARCHAR AND content.post_versions.at < %(at_1)s::TIMESTAMP WITH TIME ZONE ORDER BY content.post_versions.at, content.posts.id LIMIT %(param_1)s::INTEGER;

-- app: content.repository.posts_page
SELECT content.posts.customer_id, content.posts.id, content.posts.version, content.posts.site_id, content.posts.kind, content.posts.lang, content.posts.translation_key, content.posts.slug, content.posts.title, content.posts.summary, content.posts.body_format, content.posts.state, content.posts.author_id, content.posts.cover_id, content.posts.seo_title, content.posts.fields, content.posts.is_featured, content.posts.position, content.posts.published_at, content.posts.created_by, content.posts.created_at, content.posts.updated_at, content.post_versions.at, content.post_versions.actor_name, content.publications.version AS version_1 FROM content.posts JOIN content.post_versions ON content.post_versions.customer_id = content.posts.customer_id AND content.post_versions.thing_id = content.posts.id AND content.post_versions.version = content.posts.version LEFT OUTER JOIN content.publications ON content.publications.customer_id = content.posts.customer_id AND content.publications.post_id = content.posts.id JOIN content.posts_page(CAST(%(param_1)s::VARCHAR AS TEXT), CAST(%(param_2)s::UUID AS UUID), CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.posts.id WHERE content.posts.customer_id = %(customer_id_1)s::UUID ORDER BY listed.id;

-- app: content.repository.posts_of_site
SELECT content.posts.customer_id, content.posts.id, content.posts.version, content.posts.site_id, content.posts.kind, content.posts.lang, content.posts.translation_key, content.posts.slug, content.posts.title, content.posts.summary, content.posts.body_format, content.posts.state, content.posts.author_id, content.posts.cover_id, content.posts.seo_title, content.posts.fields, content.posts.is_featured, content.posts.position, content.posts.published_at, content.posts.created_by, content.posts.created_at, content.posts.updated_at, content.post_versions.at, content.post_versions.actor_name, content.publications.version AS version_1 FROM content.posts JOIN content.post_versions ON content.post_versions.customer_id = content.posts.customer_id AND content.post_versions.thing_id = content.posts.id AND content.post_versions.version = content.posts.version LEFT OUTER JOIN content.publications ON content.publications.customer_id = content.posts.customer_id AND content.publications.post_id = content.posts.id JOIN content.recent_posts(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::VARCHAR AS TEXT), CAST(%(param_4)s::VARCHAR AS TEXT), CAST(%(param_5)s::UUID AS UUID), CAST(%(param_6)s::UUID AS UUID), CAST(%(param_7)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_8)s::UUID AS UUID), CAST(%(param_9)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.posts.id WHERE content.posts.customer_id = %(customer_id_1)s::UUID ORDER BY listed.at DESC, listed.id DESC;

-- app: content.repository.posts_page
SELECT content.posts.customer_id, content.posts.id, content.posts.version, content.posts.site_id, content.posts.kind, content.posts.lang, content.posts.translation_key, content.posts.slug, content.posts.title, content.posts.summary, content.posts.body_source, content.posts.body_format, content.posts.state, content.posts.author_id, content.posts.cover_id, content.posts.seo_title, content.posts.fields, content.posts.is_featured, content.posts.position, content.posts.published_at, content.posts.created_by, content.posts.created_at, content.posts.updated_at, content.post_versions.at, content.post_versions.actor_name, content.publications.version AS version_1 FROM content.posts JOIN content.post_versions ON content.post_versions.customer_id = content.posts.customer_id AND content.post_versions.thing_id = content.posts.id AND content.post_versions.version = content.posts.version LEFT OUTER JOIN content.publications ON content.publications.customer_id = content.posts.customer_id AND content.publications.post_id = content.posts.id JOIN content.posts_page(CAST(%(param_1)s::VARCHAR AS TEXT), CAST(%(param_2)s::UUID AS UUID), CAST(%(param_3)s::UUID AS UUID), CAST(%(param_4)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.posts.id WHERE content.posts.customer_id = %(customer_id_1)s::UUID ORDER BY listed.id;

-- app: content.repository.row_of_post
SELECT content.posts.customer_id, content.posts.id, content.posts.version, content.posts.site_id, content.posts.kind, content.posts.lang, content.posts.translation_key, content.posts.slug, content.posts.title, content.posts.summary, content.posts.body_source, content.posts.body_format, content.posts.state, content.posts.author_id, content.posts.cover_id, content.posts.seo_title, content.posts.fields, content.posts.is_featured, content.posts.position, content.posts.published_at, content.posts.created_by, content.posts.created_at, content.posts.updated_at, content.post_versions.at, content.post_versions.actor_name, content.publications.version AS version_1 FROM content.posts JOIN content.post_versions ON content.post_versions.customer_id = content.posts.customer_id AND content.post_versions.thing_id = content.posts.id AND content.post_versions.version = content.posts.version LEFT OUTER JOIN content.publications ON content.publications.customer_id = content.posts.customer_id AND content.publications.post_id = content.posts.id WHERE content.posts.customer_id = %(customer_id_1)s::UUID AND content.posts.id = %(id_1)s::UUID;

-- worker: db.record.usage.fold_usage
SELECT content.posts.customer_id, count(*) AS count_1 FROM content.posts WHERE content.posts.customer_id IN (%(customer_id_1_1)s::UUID) GROUP BY content.posts.customer_id;

-- app: content.posts.find
SELECT content.posts.id FROM content.posts WHERE content.posts.customer_id = %(customer_id_1)s::UUID AND content.posts.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: audit.repository.places_of_posts
SELECT content.posts.id, tenancy.sites.slug, content.posts.kind FROM content.posts JOIN tenancy.sites ON tenancy.sites.customer_id = content.posts.customer_id AND tenancy.sites.id = content.posts.site_id WHERE content.posts.customer_id = %(customer_id_1)s::UUID AND content.posts.id IN (%(id_1_1)s::UUID);

-- app: content.repository.addresses_taken
SELECT content.posts.slug FROM content.posts WHERE content.posts.customer_id = %(customer_id_1)s::UUID AND content.posts.site_id = %(site_id_1)s::UUID AND content.posts.lang = %(lang_1)s::VARCHAR AND content.posts.kind = %(kind_1)s::VARCHAR AND content.posts.slug IN (%(slug_1_1)s::VARCHAR) AND content.posts.state = %(state_1)s::VARCHAR AND content.posts.id != %(id_1)s::UUID UNION ALL SELECT content.publications.slug FROM content.publications WHERE content.publications.customer_id = %(customer_id_2)s::UUID AND content.publications.site_id = %(site_id_2)s::UUID AND content.publications.lang = %(lang_2)s::VARCHAR AND content.publications.kind = %(kind_2)s::VARCHAR AND content.publications.slug IN (%(slug_2_1)s::VARCHAR) AND content.publications.post_id != %(post_id_1)s::UUID;

-- app: content.repository.addresses_taken
SELECT content.posts.slug FROM content.posts WHERE content.posts.customer_id = %(customer_id_1)s::UUID AND content.posts.site_id = %(site_id_1)s::UUID AND content.posts.lang = %(lang_1)s::VARCHAR AND content.posts.kind = %(kind_1)s::VARCHAR AND content.posts.slug IN (NULL) AND (1 != 1) AND content.posts.state = %(state_1)s::VARCHAR AND content.posts.id != %(id_1)s::UUID UNION ALL SELECT content.publications.slug FROM content.publications WHERE content.publications.customer_id = %(customer_id_2)s::UUID AND content.publications.site_id = %(site_id_2)s::UUID AND content.publications.lang = %(lang_2)s::VARCHAR AND content.publications.kind = %(kind_2)s::VARCHAR AND content.publications.slug IN (NULL) AND (1 != 1) AND content.publications.post_id != %(post_id_1)s::UUID;

-- app: content.repository.holder_of_address
SELECT content.posts.title FROM content.posts WHERE content.posts.customer_id = %(customer_id_1)s::UUID AND content.posts.site_id = %(site_id_1)s::UUID AND content.posts.lang = %(lang_1)s::VARCHAR AND content.posts.kind = %(kind_1)s::VARCHAR AND content.posts.slug = %(slug_1)s::VARCHAR AND content.posts.state = %(state_1)s::VARCHAR AND content.posts.id != %(id_1)s::UUID UNION ALL SELECT content.publications.title FROM content.publications WHERE content.publications.customer_id = %(customer_id_2)s::UUID AND content.publications.site_id = %(site_id_2)s::UUID AND content.publications.lang = %(lang_2)s::VARCHAR AND content.publications.kind = %(kind_2)s::VARCHAR AND content.publications.slug = %(slug_2)s::VARCHAR AND content.publications.post_id != %(post_id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: content.publication_tags.change
-- app: content.publication_tags.remove
SELECT content.publication_tags.customer_id AS content_publication_tags_customer_id, content.publication_tags.post_id AS content_publication_tags_post_id, content.publication_tags.tag_id AS content_publication_tags_tag_id, content.publication_tags.lang AS content_publication_tags_lang, content.publication_tags.published_at AS content_publication_tags_published_at FROM content.publication_tags WHERE content.publication_tags.customer_id = %(pk_1)s::UUID AND content.publication_tags.post_id = %(pk_2)s::UUID AND content.publication_tags.tag_id = %(pk_3)s::UUID;

-- app: content.repository.publication_tags
SELECT content.publication_tags.customer_id, content.publication_tags.post_id, content.publication_tags.tag_id, content.publication_tags.lang, content.publication_tags.published_at FROM content.publication_tags WHERE content.publication_tags.customer_id = %(customer_id_1)s::UUID AND content.publication_tags.post_id = %(post_id_1)s::UUID;

-- app: content.publications.change
-- app: content.publications.remove
-- app: content.repository.find_publication
SELECT content.publications.customer_id AS content_publications_customer_id, content.publications.post_id AS content_publications_post_id, content.publications.site_id AS content_publications_site_id, content.publications.kind AS content_publications_kind, content.publications.lang AS content_publications_lang, content.publications.translation_key AS content_publications_translation_key, content.publications.slug AS content_publications_slug, content.publications.version AS content_publications_version, content.publications.render_version AS content_publications_render_version, content.publications.published_at AS content_publications_published_at, content.publications.updated_at AS content_publications_updated_at, content.publications.title AS content_publications_title, content.publications.snapshot AS content_publications_snapshot FROM content.publications WHERE content.publications.customer_id = %(pk_1)s::UUID AND content.publications.post_id = %(pk_2)s::UUID;

-- app: content.repository.live_addresses
SELECT content.publications.kind, content.publications.lang, content.publications.slug FROM content.publications WHERE content.publications.customer_id = %(customer_id_1)s::UUID AND content.publications.site_id = %(site_id_1)s::UUID AND content.publications.slug IN (%(slug_1_1)s::VARCHAR);

-- app: publishing.repository.translations_of_post
SELECT content.publications.lang, content.publications.slug, content.publications.title FROM content.publications WHERE content.publications.customer_id = %(customer_id_1)s::UUID AND content.publications.site_id = %(site_id_1)s::UUID AND content.publications.translation_key = %(translation_key_1)s::UUID AND content.publications.kind = %(kind_1)s::VARCHAR;

-- app: publishing.repository.pages_near
SELECT content.publications.lang, content.publications.slug, content.publications.title, content.publications.snapshot ->> %(snapshot_1)s::TEXT AS anon_1 FROM content.publications WHERE content.publications.customer_id = %(customer_id_1)s::UUID AND content.publications.site_id = %(site_id_1)s::UUID AND content.publications.lang = %(lang_1)s::VARCHAR AND content.publications.kind = %(kind_1)s::VARCHAR AND (content.publications.slug LIKE %(slug_1)s::VARCHAR OR content.publications.slug IN (%(slug_2_1)s::VARCHAR)) ORDER BY content.publications.slug LIMIT %(param_1)s::INTEGER;

-- app: content.repository.live_posts_with
SELECT content.publications.post_id FROM content.publications JOIN content.posts ON content.posts.customer_id = content.publications.customer_id AND content.posts.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID AND content.publications.post_id > %(post_id_1)s::UUID AND content.posts.author_id = %(author_id_1)s::UUID ORDER BY content.publications.post_id LIMIT %(param_1)s::INTEGER;

-- app: content.repository.live_posts_with
SELECT content.publications.post_id FROM content.publications JOIN content.publication_tags ON content.publication_tags.customer_id = content.publications.customer_id AND content.publication_tags.post_id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID AND content.publications.post_id > %(post_id_1)s::UUID AND content.publication_tags.tag_id = %(tag_id_1)s::UUID ORDER BY content.publications.post_id LIMIT %(param_1)s::INTEGER;

-- app: content.repository.live_posts_with
SELECT content.publications.post_id FROM content.publications WHERE content.publications.customer_id = %(customer_id_1)s::UUID AND content.publications.post_id > %(post_id_1)s::UUID ORDER BY content.publications.post_id LIMIT %(param_1)s::INTEGER;

-- app: content.repository.live_translations
SELECT content.publications.post_id FROM content.publications WHERE content.publications.customer_id = %(customer_id_1)s::UUID AND content.publications.translation_key = %(translation_key_1)s::UUID;

-- app: publishing.repository.find_post
SELECT content.publications.snapshot FROM content.publications WHERE content.publications.customer_id = %(customer_id_1)s::UUID AND content.publications.site_id = %(site_id_1)s::UUID AND content.publications.lang = %(lang_1)s::VARCHAR AND content.publications.kind = %(kind_1)s::VARCHAR AND content.publications.slug = %(slug_1)s::VARCHAR;

-- app: publishing.repository.posts_shelf.after
SELECT content.publications.snapshot, listed.at, listed.id FROM content.publications JOIN content.newer_publications(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::VARCHAR AS TEXT), CAST(%(param_4)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_5)s::UUID AS UUID), CAST(%(param_6)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID;

-- app: publishing.repository.posts_shelf.after
-- app: publishing.repository.posts_shelf.newest
SELECT content.publications.snapshot, listed.at, listed.id FROM content.publications JOIN content.newest_publications(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::VARCHAR AS TEXT), CAST(%(param_4)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_5)s::UUID AS UUID), CAST(%(param_6)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID;

-- app: publishing.repository.posts_shelf.around
SELECT content.publications.snapshot, listed.at, listed.id FROM content.publications JOIN content.newest_publications(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::VARCHAR AS TEXT), CAST(%(param_4)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_5)s::UUID AS UUID), CAST(%(param_6)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_1)s::UUID UNION ALL SELECT content.publications.snapshot, listed.at, listed.id FROM content.publications JOIN content.newer_publications(CAST(%(param_7)s::UUID AS UUID), CAST(%(param_8)s::VARCHAR AS TEXT), CAST(%(param_9)s::VARCHAR AS TEXT), CAST(%(param_10)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_11)s::UUID AS UUID), CAST(%(param_12)s::BIGINT AS BIGINT)) AS listed(id, at) ON listed.id = content.publications.post_id WHERE content.publications.customer_id = %(customer_id_2)s::UUID;

-- app: content.tags.change
-- app: content.tags.find
-- app: content.tags.remove
SELECT content.tags.customer_id AS content_tags_customer_id, content.tags.id AS content_tags_id, content.tags.version AS content_tags_version, content.tags.site_id AS content_tags_site_id, content.tags.slug AS content_tags_slug, content.tags.label AS content_tags_label, content.tags.labels AS content_tags_labels, content.tags.summary AS content_tags_summary FROM content.tags WHERE content.tags.customer_id = %(pk_1)s::UUID AND content.tags.id = %(pk_2)s::UUID;

-- app: content.tags.page
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.id > %(id_1)s::UUID AND content.tags.site_id = %(site_id_1)s::UUID ORDER BY content.tags.id LIMIT %(param_1)s::INTEGER;

-- app: content.tags.page
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.id > %(id_1)s::UUID ORDER BY content.tags.id LIMIT %(param_1)s::INTEGER;

-- app: content.repository.tags_by_id
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.site_id = %(site_id_1)s::UUID AND content.tags.id IN (%(id_1_1)s::UUID) ORDER BY content.tags.id LIMIT %(param_1)s::INTEGER;

-- app: publishing.repository.find_tag
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.site_id = %(site_id_1)s::UUID AND content.tags.slug = %(slug_1)s::VARCHAR;

-- app: content.repository.tags_by_slug
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.site_id = %(site_id_1)s::UUID AND content.tags.slug IN (%(slug_1_1)s::VARCHAR) ORDER BY content.tags.slug LIMIT %(param_1)s::INTEGER;

-- app: content.repository.tags_by_slug
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.site_id = %(site_id_1)s::UUID AND content.tags.slug IN (NULL) AND (1 != 1) ORDER BY content.tags.slug LIMIT %(param_1)s::INTEGER;

-- app: content.repository.tags_by_label
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.site_id = %(site_id_1)s::UUID AND lower(content.tags.label) IN (%(lower_1_1)s::VARCHAR) ORDER BY content.tags.slug LIMIT %(param_1)s::INTEGER;

-- app: content.repository.tags_by_label
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.site_id = %(site_id_1)s::UUID AND lower(content.tags.label) IN (NULL) AND (1 != 1) ORDER BY content.tags.slug LIMIT %(param_1)s::INTEGER;

-- app: content.tags.page
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.site_id = %(site_id_1)s::UUID ORDER BY content.tags.id LIMIT %(param_1)s::INTEGER;

-- app: content.repository.tags_of_site
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.site_id = %(site_id_1)s::UUID ORDER BY content.tags.label, content.tags.id LIMIT %(param_1)s::INTEGER;

-- app: content.tags.page
SELECT content.tags.customer_id, content.tags.id, content.tags.version, content.tags.site_id, content.tags.slug, content.tags.label, content.tags.labels, content.tags.summary FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID ORDER BY content.tags.id LIMIT %(param_1)s::INTEGER;

-- app: content.tags.find
SELECT content.tags.id FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID AND content.tags.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- worker: db.record.seals.marks_unsealed
SELECT count(*) AS count_1 FROM audit.change_set_marks WHERE audit.change_set_marks.customer_id = %(customer_id_1)s::UUID;

-- worker: db.record.seals.count_between
SELECT count(*) AS count_1 FROM audit.events WHERE audit.events.customer_id = %(customer_id_1)s::UUID AND audit.events.thing_id BETWEEN %(thing_id_1)s::UUID AND %(thing_id_2)s::UUID;

-- worker: db.record.outbox.counts
SELECT count(*) AS count_1 FROM ops.changes_in;

-- backoffice: db.record.usage.waiting_jobs
SELECT count(*) AS count_1 FROM ops.outbox WHERE ops.outbox.customer_id = %(customer_id_1)s::UUID AND ops.outbox.shard BETWEEN %(shard_1)s::SMALLINT AND %(shard_2)s::SMALLINT AND ops.outbox.done_at IS NULL AND ops.outbox.dead_at IS NULL;

-- worker: db.record.outbox.counts
SELECT count(*) AS count_1 FROM ops.outbox WHERE ops.outbox.dead_at IS NOT NULL;

-- worker: db.record.outbox.counts
SELECT count(*) AS count_1 FROM ops.outbox WHERE ops.outbox.done_at IS NULL AND ops.outbox.dead_at IS NULL;

-- worker: tenancy.repository.whole_usage
SELECT count(*) AS count_1, coalesce(sum(ops.usage.sites), %(coalesce_2)s::INTEGER) AS coalesce_1, coalesce(sum(ops.usage.posts), %(coalesce_4)s::INTEGER) AS coalesce_3, coalesce(sum(ops.usage.products), %(coalesce_6)s::INTEGER) AS coalesce_5, coalesce(sum(ops.usage.pictures), %(coalesce_8)s::INTEGER) AS coalesce_7, coalesce(sum(ops.usage.storage_bytes), %(coalesce_10)s::INTEGER) AS coalesce_9, coalesce(sum(ops.usage.number), %(coalesce_12)s::INTEGER) AS coalesce_11 FROM tenancy.customers LEFT OUTER JOIN ops.usage ON ops.usage.customer_id = tenancy.customers.id;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(content.media_renditions.bytes), %(coalesce_1)s::INTEGER) AS anon_1 FROM content.media_renditions WHERE content.media_renditions.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(audit.change_set_marks.mark AS TEXT))), %(coalesce_1)s::INTEGER) AS anon_1 FROM audit.change_set_marks WHERE audit.change_set_marks.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(audit.change_sets.verb AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.change_sets.reason AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.change_sets.actor_kind AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.change_sets.actor_name AS TEXT))), %(coalesce_4)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.change_sets.door AS TEXT))), %(coalesce_5)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.change_sets.request_id AS TEXT))), %(coalesce_6)s::INTEGER) AS anon_1 FROM audit.change_sets WHERE audit.change_sets.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(audit.events.thing_type AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.events.kind AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.events.fields AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.events.label AS TEXT))), %(coalesce_4)s::INTEGER) AS anon_1 FROM audit.events WHERE audit.events.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(audit.versions.thing_type AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.versions.kind AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.versions.actor_kind AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.versions.actor_name AS TEXT))), %(coalesce_4)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.versions.door AS TEXT))), %(coalesce_5)s::INTEGER) + coalesce(sum(octet_length(CAST(audit.versions.payload AS TEXT))), %(coalesce_6)s::INTEGER) AS anon_1 FROM audit.versions WHERE audit.versions.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.categories.label AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.categories.labels AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.categories.summary AS TEXT))), %(coalesce_3)s::INTEGER) AS anon_1 FROM catalog.categories WHERE catalog.categories.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.field_definitions.thing_type AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.field_definitions.label AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.field_definitions.labels AS TEXT))), %(coalesce_3)s::INTEGER) AS anon_1 FROM catalog.field_definitions WHERE catalog.field_definitions.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.movements.reason AS TEXT))), %(coalesce_1)s::INTEGER) AS anon_1 FROM catalog.movements WHERE catalog.movements.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.options.label AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.options.choices AS TEXT))), %(coalesce_2)s::INTEGER) AS anon_1 FROM catalog.options WHERE catalog.options.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.price_history.kind AS TEXT))), %(coalesce_1)s::INTEGER) AS anon_1 FROM catalog.price_history WHERE catalog.price_history.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.prices.kind AS TEXT))), %(coalesce_1)s::INTEGER) AS anon_1 FROM catalog.prices WHERE catalog.prices.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.product_publications.title AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.product_publications.category AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.product_publications.text AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.product_publications.offer AS TEXT))), %(coalesce_4)s::INTEGER) AS anon_1 FROM catalog.product_publications WHERE catalog.product_publications.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.product_versions.title AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.product_versions.kind AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.product_versions.actor_kind AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.product_versions.actor_name AS TEXT))), %(coalesce_4)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.product_versions.door AS TEXT))), %(coalesce_5)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.product_versions.payload AS TEXT))), %(coalesce_6)s::INTEGER) AS anon_1 FROM catalog.product_versions WHERE catalog.product_versions.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.products.title AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.products.summary AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.products.body_source AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.products.body_format AS TEXT))), %(coalesce_4)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.products.brand AS TEXT))), %(coalesce_5)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.products.tags AS TEXT))), %(coalesce_6)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.products.fields AS TEXT))), %(coalesce_7)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.products.state AS TEXT))), %(coalesce_8)s::INTEGER) AS anon_1 FROM catalog.products WHERE catalog.products.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.stock.availability AS TEXT))), %(coalesce_1)s::INTEGER) AS anon_1 FROM catalog.stock WHERE catalog.stock.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(catalog.variants.option_values AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.variants.unit_measure AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(catalog.variants.images AS TEXT))), %(coalesce_3)s::INTEGER) AS anon_1 FROM catalog.variants WHERE catalog.variants.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(content.authors.name AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(content.authors."role" AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(content.authors.bio AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(content.authors.texts AS TEXT))), %(coalesce_4)s::INTEGER) AS anon_1 FROM content.authors WHERE content.authors.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(content.media.content_type AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(content.media.alt AS TEXT))), %(coalesce_2)s::INTEGER) AS anon_1 FROM content.media WHERE content.media.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(content.menus.items AS TEXT))), %(coalesce_1)s::INTEGER) AS anon_1 FROM content.menus WHERE content.menus.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(content.post_versions.title AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(content.post_versions.kind AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(content.post_versions.actor_kind AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(content.post_versions.actor_name AS TEXT))), %(coalesce_4)s::INTEGER) + coalesce(sum(octet_length(CAST(content.post_versions.door AS TEXT))), %(coalesce_5)s::INTEGER) + coalesce(sum(octet_length(CAST(content.post_versions.payload AS TEXT))), %(coalesce_6)s::INTEGER) AS anon_1 FROM content.post_versions WHERE content.post_versions.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(content.posts.kind AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(content.posts.title AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(content.posts.summary AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(content.posts.body_source AS TEXT))), %(coalesce_4)s::INTEGER) + coalesce(sum(octet_length(CAST(content.posts.body_format AS TEXT))), %(coalesce_5)s::INTEGER) + coalesce(sum(octet_length(CAST(content.posts.state AS TEXT))), %(coalesce_6)s::INTEGER) + coalesce(sum(octet_length(CAST(content.posts.seo_title AS TEXT))), %(coalesce_7)s::INTEGER) + coalesce(sum(octet_length(CAST(content.posts.fields AS TEXT))), %(coalesce_8)s::INTEGER) AS anon_1 FROM content.posts WHERE content.posts.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(content.publications.kind AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(content.publications.title AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(content.publications.snapshot AS TEXT))), %(coalesce_3)s::INTEGER) AS anon_1 FROM content.publications WHERE content.publications.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(content.tags.label AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(content.tags.labels AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(content.tags.summary AS TEXT))), %(coalesce_3)s::INTEGER) AS anon_1 FROM content.tags WHERE content.tags.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(identity.api_keys.name AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(identity.api_keys.prefix AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(identity.api_keys.last_four AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(identity.api_keys.scopes AS TEXT))), %(coalesce_4)s::INTEGER) AS anon_1 FROM identity.api_keys WHERE identity.api_keys.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(identity.held_forms.address AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(identity.held_forms.fields AS TEXT))), %(coalesce_2)s::INTEGER) AS anon_1 FROM identity.held_forms WHERE identity.held_forms.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(identity.memberships."role" AS TEXT))), %(coalesce_1)s::INTEGER) AS anon_1 FROM identity.memberships WHERE identity.memberships.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(ops.changes.thing_type AS TEXT))), %(coalesce_1)s::INTEGER) AS anon_1 FROM ops.changes WHERE ops.changes.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(ops.imports.source AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(ops.imports.file_name AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(ops.imports.state AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(ops.imports.counts AS TEXT))), %(coalesce_4)s::INTEGER) AS anon_1 FROM ops.imports WHERE ops.imports.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(tenancy.domains.state AS TEXT))), %(coalesce_1)s::INTEGER) AS anon_1 FROM tenancy.domains WHERE tenancy.domains.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(tenancy.site_languages.texts AS TEXT))), %(coalesce_1)s::INTEGER) AS anon_1 FROM tenancy.site_languages WHERE tenancy.site_languages.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(tenancy.sites.name AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(tenancy.sites.state AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(CAST(tenancy.sites.timezone AS TEXT))), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(CAST(tenancy.sites.settings AS TEXT))), %(coalesce_4)s::INTEGER) AS anon_1 FROM tenancy.sites WHERE tenancy.sites.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(CAST(tenancy.theme_settings.theme AS TEXT))), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(tenancy.theme_settings.settings AS TEXT))), %(coalesce_2)s::INTEGER) AS anon_1 FROM tenancy.theme_settings WHERE tenancy.theme_settings.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(audit.seal_heads.hash)), %(coalesce_1)s::INTEGER) AS anon_1 FROM audit.seal_heads WHERE audit.seal_heads.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(audit.seals.previous)), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(audit.seals.hash)), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(audit.seals.entries)), %(coalesce_3)s::INTEGER) + coalesce(sum(octet_length(audit.seals.marks)), %(coalesce_4)s::INTEGER) + coalesce(sum(octet_length(audit.seals.salts)), %(coalesce_5)s::INTEGER) AS anon_1 FROM audit.seals WHERE audit.seals.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(ops.idempotency_answers.claim)), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(CAST(ops.idempotency_answers.headers AS TEXT))), %(coalesce_2)s::INTEGER) + coalesce(sum(octet_length(ops.idempotency_answers.body)), %(coalesce_3)s::INTEGER) AS anon_1 FROM ops.idempotency_answers WHERE ops.idempotency_answers.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER + coalesce(sum(octet_length(ops.idempotency_keys.claim)), %(coalesce_1)s::INTEGER) + coalesce(sum(octet_length(ops.idempotency_keys.fingerprint)), %(coalesce_2)s::INTEGER) AS anon_1 FROM ops.idempotency_keys WHERE ops.idempotency_keys.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER AS anon_1 FROM catalog.product_images WHERE catalog.product_images.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER AS anon_1 FROM catalog.product_posts WHERE catalog.product_posts.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER AS anon_1 FROM catalog.product_sites WHERE catalog.product_sites.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER AS anon_1 FROM content.post_tags WHERE content.post_tags.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER AS anon_1 FROM content.publication_tags WHERE content.publication_tags.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER AS anon_1 FROM ops.cache_bumps WHERE ops.cache_bumps.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER AS anon_1 FROM ops.cache_tags WHERE ops.cache_tags.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER AS anon_1 FROM ops.change_heads WHERE ops.change_heads.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER AS anon_1 FROM ops.import_items WHERE ops.import_items.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.usage_of
SELECT count(*) AS count_1, count(*) * %(count_2)s::INTEGER AS anon_1 FROM ops.usage WHERE ops.usage.customer_id = %(customer_id_1)s::UUID;

-- directory: identity.repository.attempts_since
SELECT count(*) AS count_1, min(identity.sign_in_attempts.at) AS min_1 FROM identity.sign_in_attempts WHERE identity.sign_in_attempts.subject = %(subject_1)s AND identity.sign_in_attempts.at > %(at_1)s::TIMESTAMP WITH TIME ZONE;

-- app: identity.api_keys.change
-- app: identity.api_keys.find
-- app: identity.api_keys.remove
SELECT identity.api_keys.customer_id AS identity_api_keys_customer_id, identity.api_keys.id AS identity_api_keys_id, identity.api_keys.version AS identity_api_keys_version, identity.api_keys.name AS identity_api_keys_name, identity.api_keys.prefix AS identity_api_keys_prefix, identity.api_keys.last_four AS identity_api_keys_last_four, identity.api_keys.scopes AS identity_api_keys_scopes, identity.api_keys.created_by AS identity_api_keys_created_by, identity.api_keys.created_at AS identity_api_keys_created_at, identity.api_keys.expires_at AS identity_api_keys_expires_at, identity.api_keys.revoked_at AS identity_api_keys_revoked_at FROM identity.api_keys WHERE identity.api_keys.customer_id = %(pk_1)s::UUID AND identity.api_keys.id = %(pk_2)s::UUID;

-- app: identity.repository.keys_of_customer
SELECT identity.api_keys.customer_id, identity.api_keys.id, identity.api_keys.version, identity.api_keys.name, identity.api_keys.prefix, identity.api_keys.last_four, identity.api_keys.scopes, identity.api_keys.created_by, identity.api_keys.created_at, identity.api_keys.expires_at, identity.api_keys.revoked_at FROM identity.api_keys WHERE identity.api_keys.customer_id = %(customer_id_1)s::UUID ORDER BY identity.api_keys.created_at DESC, identity.api_keys.id;

-- app: identity.api_keys.find
SELECT identity.api_keys.id FROM identity.api_keys WHERE identity.api_keys.customer_id = %(customer_id_1)s::UUID AND identity.api_keys.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: identity.held_forms.remove
-- app: identity.repository.held_form
SELECT identity.held_forms.customer_id AS identity_held_forms_customer_id, identity.held_forms.id AS identity_held_forms_id, identity.held_forms.user_id AS identity_held_forms_user_id, identity.held_forms.address AS identity_held_forms_address, identity.held_forms.fields AS identity_held_forms_fields, identity.held_forms.created_at AS identity_held_forms_created_at, identity.held_forms.expires_at AS identity_held_forms_expires_at FROM identity.held_forms WHERE identity.held_forms.customer_id = %(pk_1)s::UUID AND identity.held_forms.id = %(pk_2)s::UUID;

-- app: identity.repository.held_forms_of
SELECT identity.held_forms.customer_id, identity.held_forms.id, identity.held_forms.user_id, identity.held_forms.address, identity.held_forms.fields, identity.held_forms.created_at, identity.held_forms.expires_at FROM identity.held_forms WHERE identity.held_forms.customer_id = %(customer_id_1)s::UUID AND identity.held_forms.user_id = %(user_id_1)s::UUID ORDER BY identity.held_forms.created_at;

-- directory: identity.repository.key_of_hash
SELECT identity.key_hashes.customer_id, identity.key_hashes.key_id FROM identity.key_hashes WHERE identity.key_hashes.hash = %(hash_1)s;

-- app: identity.key_hashes.remove
SELECT identity.key_hashes.hash AS identity_key_hashes_hash, identity.key_hashes.customer_id AS identity_key_hashes_customer_id, identity.key_hashes.key_id AS identity_key_hashes_key_id FROM identity.key_hashes WHERE identity.key_hashes.hash = %(pk_1)s AND identity.key_hashes.customer_id = %(pk_2)s::UUID;

-- app: identity.repository.hash_of_key
SELECT identity.key_hashes.hash, identity.key_hashes.customer_id, identity.key_hashes.key_id FROM identity.key_hashes WHERE identity.key_hashes.customer_id = %(customer_id_1)s::UUID AND identity.key_hashes.key_id = %(key_id_1)s::UUID;

-- app: identity.memberships.change
-- app: identity.memberships.find
-- app: identity.memberships.remove
SELECT identity.memberships.customer_id AS identity_memberships_customer_id, identity.memberships.id AS identity_memberships_id, identity.memberships.version AS identity_memberships_version, identity.memberships.user_id AS identity_memberships_user_id, identity.memberships."role" AS identity_memberships_role, identity.memberships.site_id AS identity_memberships_site_id, identity.memberships.created_at AS identity_memberships_created_at FROM identity.memberships WHERE identity.memberships.customer_id = %(pk_1)s::UUID AND identity.memberships.id = %(pk_2)s::UUID;

-- app: identity.repository.membership_of
SELECT identity.memberships.customer_id, identity.memberships.id, identity.memberships.version, identity.memberships.user_id, identity.memberships."role", identity.memberships.site_id, identity.memberships.created_at FROM identity.memberships WHERE identity.memberships.customer_id = %(customer_id_1)s::UUID AND identity.memberships.user_id = %(user_id_1)s::UUID;

-- app: identity.repository.members
SELECT identity.memberships.customer_id, identity.memberships.id, identity.memberships.version, identity.memberships.user_id, identity.memberships."role", identity.memberships.site_id, identity.memberships.created_at FROM identity.memberships WHERE identity.memberships.customer_id = %(customer_id_1)s::UUID ORDER BY identity.memberships.created_at, identity.memberships.id;

-- app: identity.memberships.find
SELECT identity.memberships.id FROM identity.memberships WHERE identity.memberships.customer_id = %(customer_id_1)s::UUID AND identity.memberships.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- directory: identity.person_events.change
SELECT identity.person_events.user_id AS identity_person_events_user_id, identity.person_events.at AS identity_person_events_at, identity.person_events.id AS identity_person_events_id, identity.person_events.verb AS identity_person_events_verb, identity.person_events.details AS identity_person_events_details FROM identity.person_events WHERE identity.person_events.user_id = %(pk_1)s::UUID AND identity.person_events.at = %(pk_2)s::TIMESTAMP WITH TIME ZONE AND identity.person_events.id = %(pk_3)s::UUID;

-- directory: identity.sessions.change
SELECT identity.sessions.token_hash AS identity_sessions_token_hash, identity.sessions.id AS identity_sessions_id, identity.sessions.user_id AS identity_sessions_user_id, identity.sessions.created_at AS identity_sessions_created_at, identity.sessions.seen_at AS identity_sessions_seen_at, identity.sessions.expires_at AS identity_sessions_expires_at, identity.sessions.revoked_at AS identity_sessions_revoked_at, identity.sessions.address AS identity_sessions_address, identity.sessions.agent AS identity_sessions_agent FROM identity.sessions WHERE identity.sessions.token_hash = %(pk_1)s;

-- directory: identity.repository.living_sessions
SELECT identity.sessions.token_hash, identity.sessions.id, identity.sessions.user_id, identity.sessions.created_at, identity.sessions.seen_at, identity.sessions.expires_at, identity.sessions.revoked_at, identity.sessions.address, identity.sessions.agent FROM identity.sessions WHERE identity.sessions.user_id = %(user_id_1)s::UUID AND identity.sessions.revoked_at IS NULL AND identity.sessions.expires_at > %(expires_at_1)s::TIMESTAMP WITH TIME ZONE ORDER BY identity.sessions.seen_at DESC, identity.sessions.id;

-- directory: identity.repository.session_with_user
SELECT identity.sessions.token_hash, identity.sessions.id, identity.sessions.user_id, identity.sessions.created_at, identity.sessions.seen_at, identity.sessions.expires_at, identity.sessions.revoked_at, identity.sessions.address, identity.sessions.agent, identity.users.id AS id_1, identity.users.version, identity.users.email, identity.users.name, identity.users.password_hash, identity.users.state, identity.users.created_at AS created_at_1 FROM identity.sessions JOIN identity.users ON identity.users.id = identity.sessions.user_id WHERE identity.sessions.token_hash = %(token_hash_1)s;

-- directory: identity.sign_in_attempts.change
SELECT identity.sign_in_attempts.subject AS identity_sign_in_attempts_subject, identity.sign_in_attempts.at AS identity_sign_in_attempts_at, identity.sign_in_attempts.id AS identity_sign_in_attempts_id FROM identity.sign_in_attempts WHERE identity.sign_in_attempts.subject = %(pk_1)s AND identity.sign_in_attempts.at = %(pk_2)s::TIMESTAMP WITH TIME ZONE AND identity.sign_in_attempts.id = %(pk_3)s::UUID;

-- directory: identity.single_use_links.change
SELECT identity.single_use_links.token_hash AS identity_single_use_links_token_hash, identity.single_use_links.user_id AS identity_single_use_links_user_id, identity.single_use_links.purpose AS identity_single_use_links_purpose, identity.single_use_links.created_at AS identity_single_use_links_created_at, identity.single_use_links.expires_at AS identity_single_use_links_expires_at, identity.single_use_links.used_at AS identity_single_use_links_used_at FROM identity.single_use_links WHERE identity.single_use_links.token_hash = %(pk_1)s;

-- directory: identity.repository.open_links
SELECT identity.single_use_links.token_hash, identity.single_use_links.user_id, identity.single_use_links.purpose, identity.single_use_links.created_at, identity.single_use_links.expires_at, identity.single_use_links.used_at FROM identity.single_use_links WHERE identity.single_use_links.user_id = %(user_id_1)s::UUID AND identity.single_use_links.used_at IS NULL;

-- directory: identity.repository.link_with_user
SELECT identity.single_use_links.token_hash, identity.single_use_links.user_id, identity.single_use_links.purpose, identity.single_use_links.created_at, identity.single_use_links.expires_at, identity.single_use_links.used_at, identity.users.id, identity.users.version, identity.users.email, identity.users.name, identity.users.password_hash, identity.users.state, identity.users.created_at AS created_at_1 FROM identity.single_use_links JOIN identity.users ON identity.users.id = identity.single_use_links.user_id WHERE identity.single_use_links.token_hash = %(token_hash_1)s;

-- directory: identity.repository.user_by_id
-- directory: identity.users.change
SELECT identity.users.id AS identity_users_id, identity.users.version AS identity_users_version, identity.users.email AS identity_users_email, identity.users.name AS identity_users_name, identity.users.password_hash AS identity_users_password_hash, identity.users.state AS identity_users_state, identity.users.created_at AS identity_users_created_at FROM identity.users WHERE identity.users.id = %(pk_1)s::UUID;

-- directory: identity.repository.user_by_email
SELECT identity.users.id, identity.users.version, identity.users.email, identity.users.name, identity.users.password_hash, identity.users.state, identity.users.created_at FROM identity.users WHERE identity.users.email = %(email_1)s::VARCHAR;

-- directory: identity.repository.people
SELECT identity.users.id, identity.users.version, identity.users.email, identity.users.name, identity.users.password_hash, identity.users.state, identity.users.created_at FROM identity.users WHERE identity.users.id IN (%(id_1_1)s::UUID);

-- app: publishing.repository.products_shelf.count_after
SELECT listed.id FROM catalog.newer_products(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_4)s::UUID AS UUID), CAST(%(param_5)s::BIGINT AS BIGINT)) AS listed(id, at);

-- app: publishing.repository.products_shelf.count_after
SELECT listed.id FROM catalog.newest_products(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_4)s::UUID AS UUID), CAST(%(param_5)s::BIGINT AS BIGINT)) AS listed(id, at);

-- app: publishing.repository.posts_shelf.count_after
SELECT listed.id FROM content.newer_publications(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::VARCHAR AS TEXT), CAST(%(param_4)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_5)s::UUID AS UUID), CAST(%(param_6)s::BIGINT AS BIGINT)) AS listed(id, at);

-- app: publishing.repository.tag_shelf.count_after
SELECT listed.id FROM content.newer_tagged(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_4)s::UUID AS UUID), CAST(%(param_5)s::BIGINT AS BIGINT)) AS listed(id, at);

-- app: publishing.repository.posts_shelf.count_after
SELECT listed.id FROM content.newest_publications(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::VARCHAR AS TEXT), CAST(%(param_4)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_5)s::UUID AS UUID), CAST(%(param_6)s::BIGINT AS BIGINT)) AS listed(id, at);

-- app: publishing.repository.tag_shelf.count_after
SELECT listed.id FROM content.newest_tagged(CAST(%(param_1)s::UUID AS UUID), CAST(%(param_2)s::VARCHAR AS TEXT), CAST(%(param_3)s::TIMESTAMP WITH TIME ZONE AS TIMESTAMP WITH TIME ZONE), CAST(%(param_4)s::UUID AS UUID), CAST(%(param_5)s::BIGINT AS BIGINT)) AS listed(id, at);

-- worker: db.record.clock.database_now
-- worker: db.record.seals.moment
SELECT now() AS now_1;

-- worker: db.record.seals.customers_with_news
SELECT ops.change_heads.customer_id FROM ops.change_heads LEFT OUTER JOIN audit.seal_heads ON audit.seal_heads.customer_id = ops.change_heads.customer_id WHERE ops.change_heads.customer_id > %(customer_id_1)s::UUID AND ops.change_heads.number > coalesce(audit.seal_heads.last_number, %(coalesce_1)s::INTEGER) ORDER BY ops.change_heads.customer_id LIMIT %(param_1)s::INTEGER;

-- worker: db.record.usage.fold_usage
SELECT ops.change_heads.customer_id, ops.change_heads.number, ops.changes.at AS active_at, now() AS at FROM ops.change_heads LEFT OUTER JOIN ops.usage ON ops.usage.customer_id = ops.change_heads.customer_id LEFT OUTER JOIN ops.changes ON ops.changes.customer_id = ops.change_heads.customer_id AND ops.changes.number = ops.change_heads.number WHERE ops.change_heads.customer_id > %(customer_id_1)s::UUID AND ops.change_heads.number > coalesce(ops.usage.number, %(coalesce_1)s::INTEGER) ORDER BY ops.change_heads.customer_id LIMIT %(param_1)s::INTEGER;

-- app: db.record.changes.numbered
SELECT ops.change_heads.number, ops.change_heads.oldest FROM ops.change_heads WHERE ops.change_heads.customer_id = %(customer_id_1)s::UUID;

-- backoffice: db.record.usage.last_activity
SELECT ops.changes.at FROM ops.changes JOIN ops.change_heads ON ops.changes.customer_id = ops.change_heads.customer_id AND ops.changes.number = ops.change_heads.number WHERE ops.changes.customer_id = %(customer_id_1)s::UUID;

-- worker: db.record.housekeeping.drop_tombstones
SELECT ops.changes.customer_id, max(ops.changes.number) AS max_1 FROM ops.changes JOIN audit.seal_heads ON audit.seal_heads.customer_id = ops.changes.customer_id AND ops.changes.number <= audit.seal_heads.last_number WHERE ops.changes.is_deleted IS true AND ops.changes.at < %(at_1)s::TIMESTAMP WITH TIME ZONE GROUP BY ops.changes.customer_id;

-- app: db.record.changes.changes_between
SELECT ops.changes.customer_id, ops.changes.number, ops.changes.thing_type, ops.changes.thing_id, ops.changes.version, ops.changes.is_deleted, ops.changes.at FROM ops.changes WHERE ops.changes.customer_id = %(customer_id_1)s::UUID AND ops.changes.number > %(number_1)s::BIGINT AND ops.changes.number <= %(number_2)s::BIGINT ORDER BY ops.changes.number;

-- worker: db.record.seals.numbered_after
SELECT ops.changes.number, ops.changes.thing_type, ops.changes.thing_id, ops.changes.version, ops.changes.at, now() AS now_1 FROM ops.changes WHERE ops.changes.customer_id = %(customer_id_1)s::UUID AND ops.changes.number > %(number_1)s::BIGINT ORDER BY ops.changes.number LIMIT %(param_1)s::INTEGER;

-- worker: db.record.seals.unnumbered
SELECT ops.changes_in.thing_type, ops.changes_in.thing_id, ops.changes_in.version FROM ops.changes_in WHERE ops.changes_in.customer_id = %(customer_id_1)s::UUID AND ops.changes_in.shard BETWEEN %(shard_1)s::SMALLINT AND %(shard_2)s::SMALLINT;

-- app: db.record.idempotency.claim_once
SELECT ops.idempotency_answers.customer_id, ops.idempotency_answers.claim, ops.idempotency_answers.status, ops.idempotency_answers.headers, ops.idempotency_answers.body, ops.idempotency_answers.created_at FROM ops.idempotency_answers WHERE ops.idempotency_answers.customer_id = %(customer_id_1)s::UUID AND ops.idempotency_answers.claim = %(claim_1)s;

-- app: db.record.idempotency.claim_once
SELECT ops.idempotency_keys.customer_id, ops.idempotency_keys.claim, ops.idempotency_keys.fingerprint, ops.idempotency_keys.created_at FROM ops.idempotency_keys WHERE ops.idempotency_keys.customer_id = %(customer_id_1)s::UUID AND ops.idempotency_keys.claim = %(claim_1)s;

-- app: imports.repository.known_items
-- app: imports.repository.look_up
SELECT ops.import_items.source_id, ops.import_items.thing_id, ops.import_items.import_id FROM ops.import_items WHERE ops.import_items.customer_id = %(customer_id_1)s::UUID AND ops.import_items.source = %(source_1)s::VARCHAR AND ops.import_items.thing_type = %(thing_type_1)s::VARCHAR AND ops.import_items.source_id IN (%(source_id_1_1)s::VARCHAR);

-- app: ops.imports.change
-- app: ops.imports.find
-- app: ops.imports.remove
SELECT ops.imports.customer_id AS ops_imports_customer_id, ops.imports.id AS ops_imports_id, ops.imports.version AS ops_imports_version, ops.imports.site_id AS ops_imports_site_id, ops.imports.source AS ops_imports_source, ops.imports.file_name AS ops_imports_file_name, ops.imports.state AS ops_imports_state, ops.imports.counts AS ops_imports_counts, ops.imports.change_set_id AS ops_imports_change_set_id, ops.imports.created_at AS ops_imports_created_at, ops.imports.finished_at AS ops_imports_finished_at FROM ops.imports WHERE ops.imports.customer_id = %(pk_1)s::UUID AND ops.imports.id = %(pk_2)s::UUID;

-- app: imports.repository.known_items
-- app: imports.repository.look_up
SELECT ops.imports.id FROM ops.imports JOIN audit.change_set_marks ON audit.change_set_marks.customer_id = ops.imports.customer_id AND audit.change_set_marks.change_set_id = ops.imports.change_set_id WHERE ops.imports.customer_id = %(customer_id_1)s::UUID AND ops.imports.id IN (%(id_1_1)s::UUID) AND audit.change_set_marks.mark = %(mark_1)s::VARCHAR;

-- app: ops.imports.find
SELECT ops.imports.id FROM ops.imports WHERE ops.imports.customer_id = %(customer_id_1)s::UUID AND ops.imports.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- worker: db.record.seals.is_held
SELECT ops.leases.fence FROM ops.leases WHERE ops.leases.name = %(name_1)s::VARCHAR AND ops.leases.owner = %(owner_1)s::UUID AND ops.leases.fence = %(fence_1)s::BIGINT;

-- worker: db.record.outbox.open_promises
SELECT ops.outbox.shard, ops.outbox.id, ops.outbox.customer_id, ops.outbox.name, ops.outbox.payload, ops.outbox.created_at, ops.outbox.available_at, ops.outbox.attempts, ops.outbox.done_at, ops.outbox.dead_at, ops.outbox.error FROM ops.outbox WHERE ops.outbox.done_at IS NULL AND ops.outbox.dead_at IS NOT NULL ORDER BY ops.outbox.created_at, ops.outbox.id LIMIT %(param_1)s::INTEGER;

-- worker: db.record.outbox.open_promises
SELECT ops.outbox.shard, ops.outbox.id, ops.outbox.customer_id, ops.outbox.name, ops.outbox.payload, ops.outbox.created_at, ops.outbox.available_at, ops.outbox.attempts, ops.outbox.done_at, ops.outbox.dead_at, ops.outbox.error FROM ops.outbox WHERE ops.outbox.done_at IS NULL ORDER BY ops.outbox.created_at, ops.outbox.id LIMIT %(param_1)s::INTEGER;

-- directory: db.record.processes.living
SELECT ops.processes.id, ops.processes.kind, ops.processes.host, ops.processes.pid, ops.processes.seen_at, ops.processes.figures FROM ops.processes WHERE ops.processes.seen_at > now() - %(now_1)s ORDER BY ops.processes.kind, ops.processes.id;

-- backoffice: tenancy.repository.change_customer
SELECT tenancy.customers.id AS tenancy_customers_id, tenancy.customers.version AS tenancy_customers_version, tenancy.customers.slug AS tenancy_customers_slug, tenancy.customers.name AS tenancy_customers_name, tenancy.customers.state AS tenancy_customers_state, tenancy.customers.created_at AS tenancy_customers_created_at FROM tenancy.customers WHERE tenancy.customers.id = %(pk_1)s::UUID;

-- directory: identity.repository.has_customers
SELECT tenancy.customers.id FROM tenancy.customers LIMIT %(param_1)s::INTEGER;

-- directory: identity.repository.belongings
SELECT tenancy.customers.id, tenancy.customers.slug, tenancy.customers.name, tenancy.customers.state, identity.memberships."role", identity.memberships.site_id FROM tenancy.customers JOIN identity.memberships ON identity.memberships.customer_id = tenancy.customers.id WHERE identity.memberships.user_id = %(user_id_1)s::UUID ORDER BY tenancy.customers.name, tenancy.customers.id;

-- directory: tenancy.repository.all_customers
SELECT tenancy.customers.id, tenancy.customers.version, tenancy.customers.slug, tenancy.customers.name, tenancy.customers.state, tenancy.customers.created_at FROM tenancy.customers ORDER BY tenancy.customers.slug;

-- app: tenancy.repository.own_customer
SELECT tenancy.customers.id, tenancy.customers.version, tenancy.customers.slug, tenancy.customers.name, tenancy.customers.state, tenancy.customers.created_at FROM tenancy.customers WHERE tenancy.customers.id = %(id_1)s::UUID;

-- directory: tenancy.repository.customer_by_slug
SELECT tenancy.customers.id, tenancy.customers.version, tenancy.customers.slug, tenancy.customers.name, tenancy.customers.state, tenancy.customers.created_at FROM tenancy.customers WHERE tenancy.customers.slug = %(slug_1)s::VARCHAR;

-- worker: tenancy.repository.customers_page
SELECT tenancy.customers.id, tenancy.customers.version, tenancy.customers.slug, tenancy.customers.name, tenancy.customers.state, tenancy.customers.created_at, ops.usage.customer_id, ops.usage.number, ops.usage.sites, ops.usage.posts, ops.usage.products, ops.usage.pictures, ops.usage.storage_bytes, ops.usage.active_at, ops.usage.at FROM tenancy.customers LEFT OUTER JOIN ops.usage ON ops.usage.customer_id = tenancy.customers.id WHERE tenancy.customers.slug > %(slug_1)s::VARCHAR AND (strpos(lower(tenancy.customers.slug), %(strpos_1)s::VARCHAR) > %(strpos_2)s::INTEGER OR strpos(lower(tenancy.customers.name), %(strpos_3)s::VARCHAR) > %(strpos_4)s::INTEGER) ORDER BY tenancy.customers.slug LIMIT %(param_1)s::INTEGER;

-- worker: tenancy.repository.customers_page
SELECT tenancy.customers.id, tenancy.customers.version, tenancy.customers.slug, tenancy.customers.name, tenancy.customers.state, tenancy.customers.created_at, ops.usage.customer_id, ops.usage.number, ops.usage.sites, ops.usage.posts, ops.usage.products, ops.usage.pictures, ops.usage.storage_bytes, ops.usage.active_at, ops.usage.at FROM tenancy.customers LEFT OUTER JOIN ops.usage ON ops.usage.customer_id = tenancy.customers.id WHERE tenancy.customers.slug > %(slug_1)s::VARCHAR AND tenancy.customers.state = %(state_1)s::VARCHAR ORDER BY tenancy.customers.slug LIMIT %(param_1)s::INTEGER;

-- worker: tenancy.repository.customers_page
SELECT tenancy.customers.id, tenancy.customers.version, tenancy.customers.slug, tenancy.customers.name, tenancy.customers.state, tenancy.customers.created_at, ops.usage.customer_id, ops.usage.number, ops.usage.sites, ops.usage.posts, ops.usage.products, ops.usage.pictures, ops.usage.storage_bytes, ops.usage.active_at, ops.usage.at FROM tenancy.customers LEFT OUTER JOIN ops.usage ON ops.usage.customer_id = tenancy.customers.id WHERE tenancy.customers.slug > %(slug_1)s::VARCHAR ORDER BY tenancy.customers.slug LIMIT %(param_1)s::INTEGER;

-- app: content.menus.add
-- app: content.menus.change
-- app: content.menus.remove
-- app: content.posts.add
-- app: content.posts.change
-- app: content.posts.remove
-- app: content.tags.add
-- app: content.tags.change
-- app: content.tags.remove
-- app: identity.memberships.add
-- app: identity.memberships.change
-- app: identity.memberships.remove
-- app: ops.imports.add
-- app: ops.imports.change
-- app: ops.imports.remove
-- app: tenancy.domains.add
-- app: tenancy.domains.change
-- app: tenancy.domains.remove
-- app: tenancy.sites.add
-- app: tenancy.sites.change
-- app: tenancy.sites.remove
-- app: tenancy.theme_settings.add
-- app: tenancy.theme_settings.change
-- app: tenancy.theme_settings.remove
SELECT tenancy.customers.name, tenancy.customers.state, tenancy.sites.name AS name_1, tenancy.sites.state AS state_1 FROM tenancy.customers LEFT OUTER JOIN tenancy.sites ON tenancy.sites.customer_id = %(customer_id_1)s::UUID AND tenancy.sites.id IN (%(id_1_1)s::UUID) WHERE tenancy.customers.id = %(id_2)s::UUID;

-- app: catalog.categories.add
-- app: catalog.categories.change
-- app: catalog.categories.remove
-- app: catalog.field_definitions.add
-- app: catalog.field_definitions.change
-- app: catalog.field_definitions.remove
-- app: catalog.products.add
-- app: catalog.products.change
-- app: catalog.products.remove
-- app: content.authors.add
-- app: content.authors.change
-- app: content.authors.remove
-- app: content.media.add
-- app: content.media.change
-- app: content.media.remove
-- app: identity.api_keys.add
-- app: identity.api_keys.change
-- app: identity.api_keys.remove
-- backoffice: tenancy.repository.add_customer
-- backoffice: tenancy.repository.change_customer
SELECT tenancy.customers.name, tenancy.customers.state, tenancy.sites.name AS name_1, tenancy.sites.state AS state_1 FROM tenancy.customers LEFT OUTER JOIN tenancy.sites ON tenancy.sites.customer_id = %(customer_id_1)s::UUID AND tenancy.sites.id IN (NULL) AND (1 != 1) WHERE tenancy.customers.id = %(id_2)s::UUID;

-- app: tenancy.domains.change
-- app: tenancy.domains.find
-- app: tenancy.domains.remove
SELECT tenancy.domains.customer_id AS tenancy_domains_customer_id, tenancy.domains.id AS tenancy_domains_id, tenancy.domains.version AS tenancy_domains_version, tenancy.domains.site_id AS tenancy_domains_site_id, tenancy.domains.host AS tenancy_domains_host, tenancy.domains.is_primary AS tenancy_domains_is_primary, tenancy.domains.is_built_in AS tenancy_domains_is_built_in, tenancy.domains.state AS tenancy_domains_state, tenancy.domains.created_at AS tenancy_domains_created_at FROM tenancy.domains WHERE tenancy.domains.customer_id = %(pk_1)s::UUID AND tenancy.domains.id = %(pk_2)s::UUID;

-- directory: tenancy.repository.find_host
SELECT tenancy.domains.customer_id, tenancy.customers.state, tenancy.domains.site_id, tenancy.domains.host, tenancy.domains.is_primary, tenancy.domains.state AS state_1 FROM tenancy.domains JOIN tenancy.customers ON tenancy.customers.id = tenancy.domains.customer_id WHERE tenancy.domains.host = %(host_1)s::VARCHAR;

-- app: tenancy.repository.domains_of_site
SELECT tenancy.domains.customer_id, tenancy.domains.id, tenancy.domains.version, tenancy.domains.site_id, tenancy.domains.host, tenancy.domains.is_primary, tenancy.domains.is_built_in, tenancy.domains.state, tenancy.domains.created_at FROM tenancy.domains WHERE tenancy.domains.customer_id = %(customer_id_1)s::UUID AND tenancy.domains.site_id = %(site_id_1)s::UUID ORDER BY tenancy.domains.is_primary DESC, tenancy.domains.host;

-- directory: tenancy.repository.hosts_taken
SELECT tenancy.domains.host FROM tenancy.domains WHERE tenancy.domains.host IN (%(host_1_1)s::VARCHAR);

-- directory: tenancy.repository.hosts_taken
SELECT tenancy.domains.host FROM tenancy.domains WHERE tenancy.domains.host IN (NULL) AND (1 != 1);

-- app: tenancy.domains.find
SELECT tenancy.domains.id FROM tenancy.domains WHERE tenancy.domains.customer_id = %(customer_id_1)s::UUID AND tenancy.domains.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: tenancy.site_languages.change
-- app: tenancy.site_languages.remove
SELECT tenancy.site_languages.customer_id AS tenancy_site_languages_customer_id, tenancy.site_languages.site_id AS tenancy_site_languages_site_id, tenancy.site_languages.lang AS tenancy_site_languages_lang, tenancy.site_languages.position AS tenancy_site_languages_position, tenancy.site_languages.texts AS tenancy_site_languages_texts FROM tenancy.site_languages WHERE tenancy.site_languages.customer_id = %(pk_1)s::UUID AND tenancy.site_languages.site_id = %(pk_2)s::UUID AND tenancy.site_languages.lang = %(pk_3)s::VARCHAR;

-- app: tenancy.repository.languages_of_site
SELECT tenancy.site_languages.customer_id, tenancy.site_languages.site_id, tenancy.site_languages.lang, tenancy.site_languages.position, tenancy.site_languages.texts FROM tenancy.site_languages WHERE tenancy.site_languages.customer_id = %(customer_id_1)s::UUID AND tenancy.site_languages.site_id = %(site_id_1)s::UUID ORDER BY tenancy.site_languages.position, tenancy.site_languages.lang;

-- app: tenancy.sites.change
-- app: tenancy.sites.find
-- app: tenancy.sites.remove
SELECT tenancy.sites.customer_id AS tenancy_sites_customer_id, tenancy.sites.id AS tenancy_sites_id, tenancy.sites.version AS tenancy_sites_version, tenancy.sites.slug AS tenancy_sites_slug, tenancy.sites.name AS tenancy_sites_name, tenancy.sites.state AS tenancy_sites_state, tenancy.sites.lang AS tenancy_sites_lang, tenancy.sites.timezone AS tenancy_sites_timezone, tenancy.sites.currency AS tenancy_sites_currency, tenancy.sites.settings AS tenancy_sites_settings, tenancy.sites.created_at AS tenancy_sites_created_at FROM tenancy.sites WHERE tenancy.sites.customer_id = %(pk_1)s::UUID AND tenancy.sites.id = %(pk_2)s::UUID;

-- worker: db.record.usage.fold_usage
SELECT tenancy.sites.customer_id, count(*) AS count_1 FROM tenancy.sites WHERE tenancy.sites.customer_id IN (%(customer_id_1_1)s::UUID) GROUP BY tenancy.sites.customer_id;

-- app: tenancy.sites.page
SELECT tenancy.sites.customer_id, tenancy.sites.id, tenancy.sites.version, tenancy.sites.slug, tenancy.sites.name, tenancy.sites.state, tenancy.sites.lang, tenancy.sites.timezone, tenancy.sites.currency, tenancy.sites.settings, tenancy.sites.created_at FROM tenancy.sites WHERE tenancy.sites.customer_id = %(customer_id_1)s::UUID AND tenancy.sites.id > %(id_1)s::UUID ORDER BY tenancy.sites.id LIMIT %(param_1)s::INTEGER;

-- app: tenancy.repository.find_site
-- app: tenancy.repository.site_by_slug
SELECT tenancy.sites.customer_id, tenancy.sites.id, tenancy.sites.version, tenancy.sites.slug, tenancy.sites.name, tenancy.sites.state, tenancy.sites.lang, tenancy.sites.timezone, tenancy.sites.currency, tenancy.sites.settings, tenancy.sites.created_at FROM tenancy.sites WHERE tenancy.sites.customer_id = %(customer_id_1)s::UUID AND tenancy.sites.slug = %(slug_1)s::VARCHAR;

-- app: tenancy.sites.page
SELECT tenancy.sites.customer_id, tenancy.sites.id, tenancy.sites.version, tenancy.sites.slug, tenancy.sites.name, tenancy.sites.state, tenancy.sites.lang, tenancy.sites.timezone, tenancy.sites.currency, tenancy.sites.settings, tenancy.sites.created_at FROM tenancy.sites WHERE tenancy.sites.customer_id = %(customer_id_1)s::UUID ORDER BY tenancy.sites.id LIMIT %(param_1)s::INTEGER;

-- app: tenancy.repository.sites_of_customer
SELECT tenancy.sites.customer_id, tenancy.sites.id, tenancy.sites.version, tenancy.sites.slug, tenancy.sites.name, tenancy.sites.state, tenancy.sites.lang, tenancy.sites.timezone, tenancy.sites.currency, tenancy.sites.settings, tenancy.sites.created_at FROM tenancy.sites WHERE tenancy.sites.customer_id = %(customer_id_1)s::UUID ORDER BY tenancy.sites.name, tenancy.sites.id;

-- app: publishing.repository.site_row
SELECT tenancy.sites.customer_id, tenancy.sites.id, tenancy.sites.version, tenancy.sites.slug, tenancy.sites.name, tenancy.sites.state, tenancy.sites.lang, tenancy.sites.timezone, tenancy.sites.currency, tenancy.sites.settings, tenancy.sites.created_at, tenancy.theme_settings.customer_id AS customer_id_1, tenancy.theme_settings.id AS id_1, tenancy.theme_settings.version AS version_1, tenancy.theme_settings.site_id, tenancy.theme_settings.theme, tenancy.theme_settings.settings AS settings_1, tenancy.domains.host FROM tenancy.sites LEFT OUTER JOIN tenancy.theme_settings ON tenancy.theme_settings.customer_id = tenancy.sites.customer_id AND tenancy.theme_settings.site_id = tenancy.sites.id LEFT OUTER JOIN tenancy.domains ON tenancy.domains.customer_id = tenancy.sites.customer_id AND tenancy.domains.site_id = tenancy.sites.id AND tenancy.domains.is_primary IS true WHERE tenancy.sites.customer_id = %(customer_id_2)s::UUID AND tenancy.sites.id = %(id_2)s::UUID;

-- app: tenancy.sites.find
SELECT tenancy.sites.id FROM tenancy.sites WHERE tenancy.sites.customer_id = %(customer_id_1)s::UUID AND tenancy.sites.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- app: tenancy.theme_settings.change
-- app: tenancy.theme_settings.find
-- app: tenancy.theme_settings.remove
SELECT tenancy.theme_settings.customer_id AS tenancy_theme_settings_customer_id, tenancy.theme_settings.id AS tenancy_theme_settings_id, tenancy.theme_settings.version AS tenancy_theme_settings_version, tenancy.theme_settings.site_id AS tenancy_theme_settings_site_id, tenancy.theme_settings.theme AS tenancy_theme_settings_theme, tenancy.theme_settings.settings AS tenancy_theme_settings_settings FROM tenancy.theme_settings WHERE tenancy.theme_settings.customer_id = %(pk_1)s::UUID AND tenancy.theme_settings.id = %(pk_2)s::UUID;

-- app: tenancy.repository.theme_of_site
SELECT tenancy.theme_settings.customer_id, tenancy.theme_settings.id, tenancy.theme_settings.version, tenancy.theme_settings.site_id, tenancy.theme_settings.theme, tenancy.theme_settings.settings FROM tenancy.theme_settings WHERE tenancy.theme_settings.customer_id = %(customer_id_1)s::UUID AND tenancy.theme_settings.site_id = %(site_id_1)s::UUID;

-- app: tenancy.theme_settings.find
SELECT tenancy.theme_settings.id FROM tenancy.theme_settings WHERE tenancy.theme_settings.customer_id = %(customer_id_1)s::UUID AND tenancy.theme_settings.id = %(id_1)s::UUID LIMIT %(param_1)s::INTEGER;

-- worker: db.record.sequencer.number_everything
-- worker: db.record.sequencer.number_waiting
SELECT w.shard, w.at, w.customer_id, w.thing_id, w.version FROM ops.changes_in w LEFT JOIN ops.changes_in o ON o.shard = w.shard AND o.customer_id = w.customer_id AND o.thing_id = w.thing_id AND o.version < w.version AND o.at <= now() - %(back)s WHERE w.shard BETWEEN 0 AND 15 AND w.at > now() - %(back)s AND o.thing_id IS NULL ORDER BY w.shard, w.at, w.version LIMIT %(most)s::BIGINT;

-- backoffice: db.record.chaining.blank_names
UPDATE audit.change_sets SET reason=%(reason)s::VARCHAR, actor_name=%(actor_name)s::VARCHAR, session_id=%(session_id)s::UUID, request_id=%(request_id)s::VARCHAR WHERE audit.change_sets.customer_id = %(customer_id_1)s::UUID AND audit.change_sets.id = %(id_1)s::UUID;

-- backoffice: db.record.chaining.blank_content
UPDATE audit.events SET label=%(label)s::VARCHAR WHERE audit.events.customer_id = %(customer_id_1)s::UUID AND audit.events.change_set_id = %(change_set_id_1)s::UUID AND audit.events.thing_id = %(thing_id_1)s::UUID AND audit.events.to_version = %(to_version_1)s::BIGINT;

-- backoffice: db.record.chaining.replace_salts
UPDATE audit.seals SET salts=%(salts)s WHERE audit.seals.customer_id = %(customer_id_1)s::UUID AND audit.seals.number = %(number_1)s::BIGINT;

-- backoffice: db.record.chaining.blank_names
UPDATE audit.versions SET actor_name=%(actor_name)s::VARCHAR WHERE audit.versions.customer_id = %(customer_id_1)s::UUID AND audit.versions.thing_id = %(thing_id_1)s::UUID AND audit.versions.version = %(version_1)s::BIGINT;

-- backoffice: db.record.chaining.blank_content
UPDATE audit.versions SET payload=%(payload)s::JSONB WHERE audit.versions.customer_id = %(customer_id_1)s::UUID AND audit.versions.thing_id = %(thing_id_1)s::UUID AND audit.versions.version = %(version_1)s::BIGINT;

-- app: catalog.categories.change
UPDATE catalog.categories SET version=%(version)s::BIGINT, label=%(label)s::VARCHAR WHERE catalog.categories.customer_id = %(catalog_categories_customer_id)s::UUID AND catalog.categories.id = %(catalog_categories_id)s::UUID AND catalog.categories.version = %(catalog_categories_version)s::BIGINT;

-- app: catalog.field_definitions.change
UPDATE catalog.field_definitions SET version=%(version)s::BIGINT, label=%(label)s::VARCHAR WHERE catalog.field_definitions.customer_id = %(catalog_field_definitions_customer_id)s::UUID AND catalog.field_definitions.id = %(catalog_field_definitions_id)s::UUID AND catalog.field_definitions.version = %(catalog_field_definitions_version)s::BIGINT;

-- app: catalog.options.change
UPDATE catalog.options SET label=%(label)s::VARCHAR WHERE catalog.options.customer_id = %(catalog_options_customer_id)s::UUID AND catalog.options.product_id = %(catalog_options_product_id)s::UUID AND catalog.options.code = %(catalog_options_code)s::VARCHAR;

-- app: catalog.prices.change
UPDATE catalog.prices SET currency=%(currency)s::VARCHAR WHERE catalog.prices.customer_id = %(catalog_prices_customer_id)s::UUID AND catalog.prices.variant_id = %(catalog_prices_variant_id)s::UUID AND catalog.prices.kind = %(catalog_prices_kind)s::VARCHAR;

-- app: catalog.product_images.change
UPDATE catalog.product_images SET position=%(position)s::BIGINT WHERE catalog.product_images.customer_id = %(catalog_product_images_customer_id)s::UUID AND catalog.product_images.product_id = %(catalog_product_images_product_id)s::UUID AND catalog.product_images.media_id = %(catalog_product_images_media_id)s::UUID;

-- app: catalog.product_posts.change
UPDATE catalog.product_posts SET position=%(position)s::BIGINT WHERE catalog.product_posts.customer_id = %(catalog_product_posts_customer_id)s::UUID AND catalog.product_posts.product_id = %(catalog_product_posts_product_id)s::UUID AND catalog.product_posts.post_id = %(catalog_product_posts_post_id)s::UUID;

-- app: catalog.product_publications.change
UPDATE catalog.product_publications SET title=%(title)s::VARCHAR WHERE catalog.product_publications.customer_id = %(catalog_product_publications_customer_id)s::UUID AND catalog.product_publications.site_id = %(catalog_product_publications_site_id)s::UUID AND catalog.product_publications.product_id = %(catalog_product_publications_product_id)s::UUID;

-- app: catalog.products.change
UPDATE catalog.products SET version=%(version)s::BIGINT, title=%(title)s::VARCHAR WHERE catalog.products.customer_id = %(catalog_products_customer_id)s::UUID AND catalog.products.id = %(catalog_products_id)s::UUID AND catalog.products.version = %(catalog_products_version)s::BIGINT;

-- app: catalog.stock.change
UPDATE catalog.stock SET on_hand=%(on_hand)s::BIGINT WHERE catalog.stock.customer_id = %(catalog_stock_customer_id)s::UUID AND catalog.stock.variant_id = %(catalog_stock_variant_id)s::UUID;

-- app: catalog.variants.change
UPDATE catalog.variants SET sku=%(sku)s::VARCHAR WHERE catalog.variants.customer_id = %(catalog_variants_customer_id)s::UUID AND catalog.variants.id = %(catalog_variants_id)s::UUID;

-- app: content.authors.change
UPDATE content.authors SET version=%(version)s::BIGINT, name=%(name)s::VARCHAR WHERE content.authors.customer_id = %(content_authors_customer_id)s::UUID AND content.authors.id = %(content_authors_id)s::UUID AND content.authors.version = %(content_authors_version)s::BIGINT;

-- app: content.media.change
UPDATE content.media SET version=%(version)s::BIGINT, content_type=%(content_type)s::VARCHAR WHERE content.media.customer_id = %(content_media_customer_id)s::UUID AND content.media.id = %(content_media_id)s::UUID AND content.media.version = %(content_media_version)s::BIGINT;

-- app: content.media_renditions.change
UPDATE content.media_renditions SET name=%(name)s::VARCHAR WHERE content.media_renditions.customer_id = %(content_media_renditions_customer_id)s::UUID AND content.media_renditions.media_id = %(content_media_renditions_media_id)s::UUID AND content.media_renditions.purpose = %(content_media_renditions_purpose)s::VARCHAR AND content.media_renditions.width = %(content_media_renditions_width)s::BIGINT;

-- app: content.menus.change
UPDATE content.menus SET version=%(version)s::BIGINT WHERE content.menus.customer_id = %(content_menus_customer_id)s::UUID AND content.menus.id = %(content_menus_id)s::UUID AND content.menus.version = %(content_menus_version)s::BIGINT;

-- app: content.post_tags.change
UPDATE content.post_tags SET position=%(position)s::BIGINT WHERE content.post_tags.customer_id = %(content_post_tags_customer_id)s::UUID AND content.post_tags.post_id = %(content_post_tags_post_id)s::UUID AND content.post_tags.tag_id = %(content_post_tags_tag_id)s::UUID;

-- app: content.posts.change
UPDATE content.posts SET version=%(version)s::BIGINT, title=%(title)s::VARCHAR WHERE content.posts.customer_id = %(content_posts_customer_id)s::UUID AND content.posts.id = %(content_posts_id)s::UUID AND content.posts.version = %(content_posts_version)s::BIGINT;

-- app: content.publication_tags.change
UPDATE content.publication_tags SET published_at=%(published_at)s::TIMESTAMP WITH TIME ZONE WHERE content.publication_tags.customer_id = %(content_publication_tags_customer_id)s::UUID AND content.publication_tags.post_id = %(content_publication_tags_post_id)s::UUID AND content.publication_tags.tag_id = %(content_publication_tags_tag_id)s::UUID;

-- app: content.publications.change
UPDATE content.publications SET title=%(title)s::VARCHAR WHERE content.publications.customer_id = %(content_publications_customer_id)s::UUID AND content.publications.post_id = %(content_publications_post_id)s::UUID;

-- app: content.tags.change
UPDATE content.tags SET version=%(version)s::BIGINT, label=%(label)s::VARCHAR WHERE content.tags.customer_id = %(content_tags_customer_id)s::UUID AND content.tags.id = %(content_tags_id)s::UUID AND content.tags.version = %(content_tags_version)s::BIGINT;

-- app: identity.api_keys.change
UPDATE identity.api_keys SET version=%(version)s::BIGINT, name=%(name)s::VARCHAR WHERE identity.api_keys.customer_id = %(identity_api_keys_customer_id)s::UUID AND identity.api_keys.id = %(identity_api_keys_id)s::UUID AND identity.api_keys.version = %(identity_api_keys_version)s::BIGINT;

-- app: identity.memberships.change
UPDATE identity.memberships SET version=%(version)s::BIGINT, created_at=%(created_at)s::TIMESTAMP WITH TIME ZONE WHERE identity.memberships.customer_id = %(identity_memberships_customer_id)s::UUID AND identity.memberships.id = %(identity_memberships_id)s::UUID AND identity.memberships.version = %(identity_memberships_version)s::BIGINT;

-- directory: identity.sessions.change
UPDATE identity.sessions SET address=%(address)s::VARCHAR WHERE identity.sessions.token_hash = %(identity_sessions_token_hash)s;

-- directory: identity.single_use_links.change
UPDATE identity.single_use_links SET created_at=%(created_at)s::TIMESTAMP WITH TIME ZONE WHERE identity.single_use_links.token_hash = %(identity_single_use_links_token_hash)s;

-- directory: identity.users.change
UPDATE identity.users SET name=%(name)s::VARCHAR WHERE identity.users.id = %(identity_users_id)s::UUID AND identity.users.version = %(identity_users_version)s::BIGINT;

-- worker: db.record.housekeeping.drop_tombstones
UPDATE ops.change_heads SET oldest=%(oldest)s::BIGINT WHERE ops.change_heads.customer_id = %(customer_id_1)s::UUID;

-- app: ops.imports.change
UPDATE ops.imports SET version=%(version)s::BIGINT, source=%(source)s::VARCHAR WHERE ops.imports.customer_id = %(ops_imports_customer_id)s::UUID AND ops.imports.id = %(ops_imports_id)s::UUID AND ops.imports.version = %(ops_imports_version)s::BIGINT;

-- worker: db.record.leases.give_up
UPDATE ops.leases SET lease_until = %(past)s::TIMESTAMP WITH TIME ZONE WHERE name = %(name)s::VARCHAR AND owner = %(owner)s::UUID;

-- worker: db.record.outbox.retry
UPDATE ops.outbox SET available_at=now(), attempts=%(attempts)s::SMALLINT, dead_at=%(dead_at)s::TIMESTAMP WITH TIME ZONE WHERE ops.outbox.dead_at IS NOT NULL;

-- worker: db.record.outbox.retry
UPDATE ops.outbox SET available_at=now(), attempts=%(attempts)s::SMALLINT, dead_at=%(dead_at)s::TIMESTAMP WITH TIME ZONE WHERE ops.outbox.dead_at IS NOT NULL AND ops.outbox.id = %(id_1)s::UUID;

-- worker: db.record.outbox.settle
UPDATE ops.outbox o SET attempts = %(attempts)s::SMALLINT + 1, error = %(error)s::VARCHAR, available_at = now() + %(wait)s, done_at = CASE WHEN %(is_done)s THEN now() END, dead_at = CASE WHEN %(is_dead)s THEN now() END FROM ops.outbox_shards s WHERE o.shard = %(shard)s::SMALLINT AND o.id = %(id)s::UUID AND s.shard = o.shard AND s.owner = %(owner)s::UUID AND s.fence = %(fence)s::BIGINT AND (o.attempts = %(attempts)s::SMALLINT AND o.done_at IS NULL OR o.attempts = %(attempts)s::SMALLINT + 1);

-- worker: db.record.outbox.drop_shards
UPDATE ops.outbox_shards SET lease_until=%(lease_until)s::TIMESTAMP WITH TIME ZONE WHERE ops.outbox_shards.owner = %(owner_1)s::UUID;

-- backoffice: tenancy.repository.change_customer
UPDATE tenancy.customers SET version=%(version)s::BIGINT, name=%(name)s::VARCHAR WHERE tenancy.customers.id = %(tenancy_customers_id)s::UUID AND tenancy.customers.version = %(tenancy_customers_version)s::BIGINT;

-- app: tenancy.domains.change
UPDATE tenancy.domains SET version=%(version)s::BIGINT, created_at=%(created_at)s::TIMESTAMP WITH TIME ZONE WHERE tenancy.domains.customer_id = %(tenancy_domains_customer_id)s::UUID AND tenancy.domains.id = %(tenancy_domains_id)s::UUID AND tenancy.domains.version = %(tenancy_domains_version)s::BIGINT;

-- app: tenancy.site_languages.change
UPDATE tenancy.site_languages SET position=%(position)s::BIGINT WHERE tenancy.site_languages.customer_id = %(tenancy_site_languages_customer_id)s::UUID AND tenancy.site_languages.site_id = %(tenancy_site_languages_site_id)s::UUID AND tenancy.site_languages.lang = %(tenancy_site_languages_lang)s::VARCHAR;

-- app: tenancy.sites.change
UPDATE tenancy.sites SET version=%(version)s::BIGINT, name=%(name)s::VARCHAR WHERE tenancy.sites.customer_id = %(tenancy_sites_customer_id)s::UUID AND tenancy.sites.id = %(tenancy_sites_id)s::UUID AND tenancy.sites.version = %(tenancy_sites_version)s::BIGINT;

-- app: tenancy.theme_settings.change
UPDATE tenancy.theme_settings SET version=%(version)s::BIGINT, theme=%(theme)s::VARCHAR WHERE tenancy.theme_settings.customer_id = %(tenancy_theme_settings_customer_id)s::UUID AND tenancy.theme_settings.id = %(tenancy_theme_settings_id)s::UUID AND tenancy.theme_settings.version = %(tenancy_theme_settings_version)s::BIGINT;

-- worker: db.record.outbox.due
WITH due AS ( SELECT shard, id, customer_id, name, payload, attempts, available_at, row_number() OVER (PARTITION BY customer_id ORDER BY available_at, id) AS place FROM ops.outbox WHERE shard = %(shard)s::SMALLINT AND done_at IS NULL AND dead_at IS NULL AND available_at <= now() ) SELECT shard, id, customer_id, name, payload, attempts FROM due WHERE place <= %(each)s::BIGINT ORDER BY place, available_at, id LIMIT %(most)s::BIGINT;

-- worker: db.record.sequencer.number_waiting
WITH fenced AS (SELECT fence FROM ops.leases WHERE name = %(name)s::VARCHAR AND owner = %(owner)s::UUID AND fence = %(fence)s::BIGINT), gone AS ( DELETE FROM ops.changes_in i USING fenced f, unnest(%(shards)s::SMALLINT[], %(times)s::TIMESTAMP WITH TIME ZONE[], %(customers)s::UUID[], %(things)s::UUID[], %(versions)s::BIGINT[]) AS w (shard, at, customer_id, thing_id, version) WHERE i.shard = w.shard AND i.at = w.at AND i.customer_id = w.customer_id AND i.thing_id = w.thing_id AND i.version = w.version RETURNING i.customer_id, i.thing_id, i.version, i.thing_type, i.is_deleted ), numbered AS ( SELECT g.customer_id, g.thing_id, g.version, g.thing_type, g.is_deleted, coalesce(h.number, 0) + row_number() OVER (PARTITION BY g.customer_id ORDER BY g.thing_id, g.version) AS number FROM gone g LEFT JOIN ops.change_heads h ON h.customer_id = g.customer_id ), kept AS ( INSERT INTO ops.changes (customer_id, number, thing_type, thing_id, version, is_deleted, at) SELECT customer_id, number, thing_type, thing_id, version, is_deleted, now() FROM numbered RETURNING customer_id, number ), heads AS (SELECT customer_id, max(number) AS number FROM kept GROUP BY customer_id) INSERT INTO ops.change_heads AS head (customer_id, number, oldest) SELECT customer_id, number, 1 FROM heads ON CONFLICT (customer_id) DO UPDATE SET number = excluded.number;

-- worker: db.record.compactor.fold_bumps
WITH old AS (DELETE FROM ops.cache_bumps WHERE shard = %(shard)s::SMALLINT AND at < %(before)s::TIMESTAMP WITH TIME ZONE RETURNING customer_id, tag), counted AS (SELECT customer_id, tag, count(*) AS bumps FROM old GROUP BY customer_id, tag) INSERT INTO ops.cache_tags AS known (customer_id, tag, base) SELECT customer_id, tag, bumps FROM counted ON CONFLICT (customer_id, tag) DO UPDATE SET base = known.base + excluded.base;

