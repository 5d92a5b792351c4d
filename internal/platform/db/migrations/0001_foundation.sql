-- The first nouns. Portable subset: BIGINT, TEXT, DOUBLE PRECISION, BYTEA; flags are 0/1; instants are µs UTC; days are
-- yyyymmdd with 00 for a part that nobody stated; unknown is NULL, never 0. Every growing table starts with city, then
-- the entity, in its primary key.

-- ---------------------------------------------------------------- audit: one hash chain per city, its seq is the change sequence
CREATE TABLE audit_head (
    city TEXT   NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL CHECK (seq >= 0),
    hash BYTEA  NOT NULL
);

CREATE TABLE audit_line (
    city   TEXT   NOT NULL,
    seq    BIGINT NOT NULL CHECK (seq > 0),
    at     BIGINT NOT NULL,
    actor  TEXT   NOT NULL,
    action TEXT   NOT NULL,
    kind   TEXT   NOT NULL,
    entity TEXT   NOT NULL,
    detail TEXT   NOT NULL,
    hash   BYTEA  NOT NULL,
    PRIMARY KEY (city, seq)
);
CREATE INDEX audit_line_entity ON audit_line (city, kind, entity, seq);

CREATE TABLE audit_touch (
    city   TEXT   NOT NULL,
    seq    BIGINT NOT NULL,
    kind   TEXT   NOT NULL,
    entity TEXT   NOT NULL,
    PRIMARY KEY (city, seq, kind, entity),
    FOREIGN KEY (city, seq) REFERENCES audit_line (city, seq)
);

-- ---------------------------------------------------------------- org
CREATE TABLE org (
    city     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    parent   TEXT,
    kind     TEXT   NOT NULL CHECK (kind IN ('city', 'county', 'committee', 'operator')),
    name_zh  TEXT   NOT NULL CHECK (name_zh <> ''),
    name_en  TEXT   NOT NULL,
    division TEXT,
    path     TEXT   NOT NULL,
    sort     BIGINT NOT NULL,
    version  BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, parent) REFERENCES org (city, id)
);
CREATE UNIQUE INDEX org_path ON org (city, path);
CREATE UNIQUE INDEX org_name ON org (city, name_zh);

-- ---------------------------------------------------------------- auth
CREATE TABLE app_user (
    city          TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    username      TEXT   NOT NULL CHECK (username <> ''),
    name          TEXT   NOT NULL,
    role          TEXT   NOT NULL CHECK (role IN ('none', 'system_admin', 'security_admin', 'audit_admin', 'city_office', 'county_office', 'park_operator', 'enterprise', 'viewer')),
    org           TEXT,
    enterprise    TEXT,
    password_hash TEXT   NOT NULL,
    must_change   BIGINT NOT NULL CHECK (must_change IN (0, 1)),
    disabled      BIGINT NOT NULL CHECK (disabled IN (0, 1)),
    failed_tries  BIGINT NOT NULL CHECK (failed_tries >= 0),
    locked_until  BIGINT,
    created_at    BIGINT NOT NULL,
    version       BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, org) REFERENCES org (city, id)
);
CREATE UNIQUE INDEX app_user_username ON app_user (username);

CREATE TABLE session (
    digest     BYTEA  NOT NULL PRIMARY KEY,
    city       TEXT   NOT NULL,
    app_user   TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (city, app_user) REFERENCES app_user (city, id)
);
CREATE INDEX session_app_user ON session (city, app_user);

CREATE TABLE api_token (
    digest     BYTEA  NOT NULL PRIMARY KEY,
    city       TEXT   NOT NULL,
    app_user   TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (city, app_user) REFERENCES app_user (city, id)
);
CREATE UNIQUE INDEX api_token_id ON api_token (city, app_user, id);

-- ---------------------------------------------------------------- import batches: who brought what, and each row as it was written
CREATE TABLE import_batch (
    city        TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    file        TEXT   NOT NULL,
    digest      TEXT   NOT NULL,
    actor       TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    rows_read   BIGINT NOT NULL,
    rows_new    BIGINT NOT NULL,
    rows_changed BIGINT NOT NULL,
    rows_same   BIGINT NOT NULL,
    PRIMARY KEY (city, id)
);
CREATE INDEX import_batch_at ON import_batch (city, at, id);

CREATE TABLE import_row (
    city   TEXT   NOT NULL,
    batch  TEXT   NOT NULL,
    row_no BIGINT NOT NULL,
    kind   TEXT   NOT NULL,
    entity TEXT   NOT NULL,
    cells  TEXT   NOT NULL,
    PRIMARY KEY (city, batch, row_no),
    FOREIGN KEY (city, batch) REFERENCES import_batch (city, id)
);
CREATE INDEX import_row_entity ON import_row (city, kind, entity, batch);

-- ---------------------------------------------------------------- zone (开发区) and park (园区)
CREATE TABLE zone (
    city       TEXT   NOT NULL,
    code       TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    level      TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    approved   BIGINT,
    area_m2    BIGINT CHECK (area_m2 >= 0),
    industries TEXT   NOT NULL,
    source     TEXT   NOT NULL,
    PRIMARY KEY (city, code)
);

CREATE TABLE park (
    city             TEXT   NOT NULL,
    id               TEXT   NOT NULL,
    org              TEXT   NOT NULL,
    parent           TEXT,
    name             TEXT   NOT NULL CHECK (name <> ''),
    pilot            BIGINT CHECK (pilot IN (0, 1)),
    official_no      BIGINT,
    photo_no         TEXT,
    mode             TEXT,
    developer        TEXT,
    leading_industry TEXT,
    zone             TEXT,
    source           TEXT   NOT NULL,
    version          BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, org) REFERENCES org (city, id),
    FOREIGN KEY (city, parent) REFERENCES park (city, id),
    FOREIGN KEY (city, zone) REFERENCES zone (city, code)
);
CREATE UNIQUE INDEX park_name ON park (city, name);
CREATE INDEX park_org ON park (city, org, id);

CREATE TABLE park_alias (
    city   TEXT NOT NULL,
    park   TEXT NOT NULL,
    name   TEXT NOT NULL CHECK (name <> ''),
    source TEXT NOT NULL,
    PRIMARY KEY (city, park, name),
    FOREIGN KEY (city, park) REFERENCES park (city, id)
);
CREATE INDEX park_alias_name ON park_alias (city, name);

CREATE TABLE park_phase (
    city                TEXT   NOT NULL,
    park                TEXT   NOT NULL,
    no                  BIGINT NOT NULL CHECK (no > 0),
    name                TEXT   NOT NULL,
    land_m2             BIGINT CHECK (land_m2 >= 0),
    floor_area_built_m2 BIGINT CHECK (floor_area_built_m2 >= 0),
    lettable_area_m2    BIGINT CHECK (lettable_area_m2 >= 0),
    started             BIGINT,
    completed           BIGINT,
    opened              BIGINT,
    nature              TEXT   NOT NULL,
    source              TEXT   NOT NULL,
    version             BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, park, no),
    FOREIGN KEY (city, park) REFERENCES park (city, id)
);

-- A figure is what somebody stated of a park or an enterprise: never edited, only replaced by a later one of its source.
CREATE TABLE figure (
    city        TEXT   NOT NULL,
    kind        TEXT   NOT NULL CHECK (kind IN ('park', 'enterprise', 'project')),
    subject     TEXT   NOT NULL,
    field       TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    value       BIGINT NOT NULL,
    unit        TEXT   NOT NULL,
    stated      TEXT   NOT NULL,
    stated_unit TEXT   NOT NULL,
    nature      TEXT   NOT NULL,
    source      TEXT   NOT NULL,
    source_ref  TEXT   NOT NULL,
    as_of       BIGINT,
    recorder    TEXT   NOT NULL,
    recorded_at BIGINT NOT NULL,
    batch       TEXT,
    replaced    TEXT,
    PRIMARY KEY (city, kind, subject, field, id)
);

-- A choice is a person's decision which of several figures the city uses, with the reason; the latest counts.
CREATE TABLE figure_choice (
    city    TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    field   TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    figure  TEXT   NOT NULL,
    reason  TEXT   NOT NULL CHECK (reason <> ''),
    actor   TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (city, kind, subject, field, seq),
    FOREIGN KEY (city, kind, subject, field, figure) REFERENCES figure (city, kind, subject, field, id)
);

-- ---------------------------------------------------------------- enterprise (企业)
CREATE TABLE enterprise (
    city     TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    uscc     TEXT   NOT NULL CHECK (length(uscc) = 18),
    name     TEXT   NOT NULL CHECK (name <> ''),
    org      TEXT   NOT NULL,
    industry TEXT,
    above_scale_since BIGINT,
    nature   TEXT   NOT NULL,
    source   TEXT   NOT NULL,
    version  BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, org) REFERENCES org (city, id)
);
CREATE UNIQUE INDEX enterprise_uscc ON enterprise (city, uscc);
CREATE INDEX enterprise_org ON enterprise (city, org, id);

CREATE TABLE enterprise_name (
    city       TEXT   NOT NULL,
    enterprise TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    name       TEXT   NOT NULL CHECK (name <> ''),
    source     TEXT   NOT NULL,
    PRIMARY KEY (city, enterprise, since),
    FOREIGN KEY (city, enterprise) REFERENCES enterprise (city, id)
);

-- ---------------------------------------------------------------- tenancy (入驻) and its stage history
CREATE TABLE tenancy (
    city       TEXT   NOT NULL,
    enterprise TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    park       TEXT   NOT NULL,
    area_m2    BIGINT CHECK (area_m2 >= 0),
    relocated  BIGINT NOT NULL CHECK (relocated IN (0, 1)),
    nature     TEXT   NOT NULL,
    source     TEXT   NOT NULL,
    version    BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, enterprise, id),
    FOREIGN KEY (city, enterprise) REFERENCES enterprise (city, id),
    FOREIGN KEY (city, park) REFERENCES park (city, id)
);
CREATE UNIQUE INDEX tenancy_id ON tenancy (city, id);
CREATE INDEX tenancy_park ON tenancy (city, park, id);

-- A stage entry says that a tenancy entered a stage on a day, who says so and in which of the ways: planned, claimed,
-- deemed (by a rule) and verified (by evidence) are separate entries, never one field.
CREATE TABLE tenancy_stage (
    city       TEXT   NOT NULL,
    enterprise TEXT   NOT NULL,
    tenancy    TEXT   NOT NULL,
    stage      TEXT   NOT NULL CHECK (stage IN ('intent', 'framework', 'signed', 'handed_over', 'fitting_out', 'trial', 'production', 'at_capacity', 'enrolled', 'expanding', 'cleared')),
    way        TEXT   NOT NULL CHECK (way IN ('planned', 'claimed', 'deemed', 'verified')),
    seq        BIGINT NOT NULL CHECK (seq > 0),
    day        BIGINT NOT NULL CHECK (day > 0),
    nature     TEXT   NOT NULL,
    source     TEXT   NOT NULL,
    recorder   TEXT   NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (city, enterprise, tenancy, stage, way, seq),
    FOREIGN KEY (city, enterprise, tenancy) REFERENCES tenancy (city, enterprise, id)
);

-- ---------------------------------------------------------------- project (项目) and its milestones
CREATE TABLE project (
    city       TEXT   NOT NULL,
    park       TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    kind       TEXT   NOT NULL CHECK (kind IN ('construction', 'investment', 'retrofit', 'expansion', 'renewal', 'pilot_platform')),
    name       TEXT   NOT NULL CHECK (name <> ''),
    enterprise TEXT,
    investment_fen BIGINT CHECK (investment_fen >= 0),
    nature     TEXT   NOT NULL,
    source     TEXT   NOT NULL,
    version    BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, park, id),
    FOREIGN KEY (city, park) REFERENCES park (city, id),
    FOREIGN KEY (city, enterprise) REFERENCES enterprise (city, id)
);
CREATE UNIQUE INDEX project_id ON project (city, id);

CREATE TABLE project_milestone (
    city    TEXT   NOT NULL,
    park    TEXT   NOT NULL,
    project TEXT   NOT NULL,
    stage   TEXT   NOT NULL,
    way     TEXT   NOT NULL CHECK (way IN ('planned', 'claimed', 'deemed', 'verified')),
    seq     BIGINT NOT NULL CHECK (seq > 0),
    day     BIGINT NOT NULL CHECK (day > 0),
    nature  TEXT   NOT NULL,
    source  TEXT   NOT NULL,
    PRIMARY KEY (city, park, project, stage, way, seq),
    FOREIGN KEY (city, park, project) REFERENCES project (city, park, id)
);

-- ---------------------------------------------------------------- filing (填报): the values that an enterprise files for a month
CREATE TABLE filing_value (
    city       TEXT   NOT NULL,
    enterprise TEXT   NOT NULL,
    month      BIGINT NOT NULL CHECK (month BETWEEN 190001 AND 219912),
    field      TEXT   NOT NULL,
    value      BIGINT NOT NULL,
    nature     TEXT   NOT NULL,
    source     TEXT   NOT NULL,
    version    BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, enterprise, month, field),
    FOREIGN KEY (city, enterprise) REFERENCES enterprise (city, id)
);

-- ---------------------------------------------------------------- target (目标) and published result, side by side
CREATE TABLE target (
    city      TEXT   NOT NULL,
    org       TEXT   NOT NULL,
    year      BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2199),
    indicator TEXT   NOT NULL,
    kind      TEXT   NOT NULL CHECK (kind IN ('target', 'result')),
    value     BIGINT NOT NULL,
    unit      TEXT   NOT NULL,
    stated    TEXT   NOT NULL,
    stated_unit TEXT NOT NULL,
    curve     TEXT   NOT NULL,
    source    TEXT   NOT NULL,
    version   BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, org, year, indicator, kind),
    FOREIGN KEY (city, org) REFERENCES org (city, id)
);
