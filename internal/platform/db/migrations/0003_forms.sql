-- Forms and what is filed by them. A filing (填报) is one form of one subject for one period; its records are the rows that it
-- holds ('' is the key of the only row of a form that is no list). A record's latest version is in filing_record, all
-- earlier ones are in filing_past: nothing is overwritten. The values that indicators read are projected to filing_value
-- when a filing is submitted.
CREATE TABLE form_version (
    city    TEXT   NOT NULL,
    form    TEXT   NOT NULL CHECK (form <> ''),
    version BIGINT NOT NULL CHECK (version > 0),
    since   BIGINT NOT NULL,
    body    TEXT   NOT NULL,
    reason  TEXT   NOT NULL CHECK (reason <> ''),
    actor   TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (city, form, version)
);

CREATE TABLE filing (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL CHECK (subject_kind IN ('enterprise', 'park', 'org')),
    subject      TEXT   NOT NULL,
    form         TEXT   NOT NULL,
    period       TEXT   NOT NULL,
    org          TEXT   NOT NULL,
    form_version BIGINT NOT NULL CHECK (form_version >= 0),
    state        TEXT   NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'approved')),
    level        BIGINT NOT NULL CHECK (level >= 0),
    confirmed    BIGINT NOT NULL CHECK (confirmed IN (0, 1)),
    version      BIGINT NOT NULL CHECK (version > 0),
    approved_version BIGINT,
    submitted_at BIGINT,
    submitted_by TEXT,
    changed_at   BIGINT NOT NULL,
    PRIMARY KEY (city, subject_kind, subject, form, period),
    FOREIGN KEY (city, org) REFERENCES org (city, id)
);
CREATE INDEX filing_form ON filing (city, form, period, org, subject);

CREATE TABLE filing_record (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    form         TEXT   NOT NULL,
    period       TEXT   NOT NULL,
    row_key      TEXT   NOT NULL,
    version      BIGINT NOT NULL CHECK (version > 0),
    filing_version BIGINT NOT NULL CHECK (filing_version > 0),
    cells        TEXT   NOT NULL,
    gone         BIGINT NOT NULL CHECK (gone IN (0, 1)),
    nature       TEXT   NOT NULL,
    way          TEXT   NOT NULL CHECK (way IN ('typed', 'imported', 'generated', 'undone')),
    recorder     TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    batch        TEXT,
    file_no      BIGINT,
    row_no       BIGINT,
    PRIMARY KEY (city, subject_kind, subject, form, period, row_key),
    FOREIGN KEY (city, subject_kind, subject, form, period) REFERENCES filing (city, subject_kind, subject, form, period)
);
CREATE INDEX filing_record_batch ON filing_record (city, batch) WHERE batch IS NOT NULL;

CREATE TABLE filing_past (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    form         TEXT   NOT NULL,
    period       TEXT   NOT NULL,
    row_key      TEXT   NOT NULL,
    version      BIGINT NOT NULL CHECK (version > 0),
    filing_version BIGINT NOT NULL CHECK (filing_version > 0),
    cells        TEXT   NOT NULL,
    gone         BIGINT NOT NULL CHECK (gone IN (0, 1)),
    nature       TEXT   NOT NULL,
    way          TEXT   NOT NULL CHECK (way IN ('typed', 'imported', 'generated', 'undone')),
    recorder     TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    batch        TEXT,
    file_no      BIGINT,
    row_no       BIGINT,
    PRIMARY KEY (city, subject_kind, subject, form, period, row_key, version),
    FOREIGN KEY (city, subject_kind, subject, form, period, row_key)
        REFERENCES filing_record (city, subject_kind, subject, form, period, row_key)
);

-- What was done with a filing: submitted, recalled, approved, returned, an approval taken back.
CREATE TABLE filing_event (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    form         TEXT   NOT NULL,
    period       TEXT   NOT NULL,
    seq          BIGINT NOT NULL CHECK (seq > 0),
    action       TEXT   NOT NULL CHECK (action IN ('submit', 'recall', 'approve', 'return', 'reopen', 'import', 'undo')),
    level        BIGINT NOT NULL CHECK (level >= 0),
    filing_version BIGINT NOT NULL CHECK (filing_version > 0),
    reason       TEXT   NOT NULL,
    actor        TEXT   NOT NULL,
    actor_org    TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (city, subject_kind, subject, form, period, seq),
    FOREIGN KEY (city, subject_kind, subject, form, period) REFERENCES filing (city, subject_kind, subject, form, period)
);

-- An answer explains why a warning's values are right; it counts as long as the values are those that it explained.
CREATE TABLE filing_answer (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    form         TEXT   NOT NULL,
    period       TEXT   NOT NULL,
    row_key      TEXT   NOT NULL,
    rule         TEXT   NOT NULL,
    seq          BIGINT NOT NULL CHECK (seq > 0),
    about        TEXT   NOT NULL,
    reason       TEXT   NOT NULL CHECK (reason <> ''),
    actor        TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (city, subject_kind, subject, form, period, row_key, rule, seq),
    FOREIGN KEY (city, subject_kind, subject, form, period) REFERENCES filing (city, subject_kind, subject, form, period)
);

-- A remark is what somebody asks or notes about a cell of a filing; it changes nothing.
CREATE TABLE filing_remark (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    form         TEXT   NOT NULL,
    period       TEXT   NOT NULL,
    seq          BIGINT NOT NULL CHECK (seq > 0),
    row_key      TEXT   NOT NULL,
    field        TEXT   NOT NULL,
    text         TEXT   NOT NULL CHECK (text <> ''),
    actor        TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (city, subject_kind, subject, form, period, seq),
    FOREIGN KEY (city, subject_kind, subject, form, period) REFERENCES filing (city, subject_kind, subject, form, period)
);

-- An intake (导入) is an office's file on its way into filings: its files (the first and the mended ones after it), how
-- they are read, what the check said, and what became of it.
CREATE TABLE intake (
    city         TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    form         TEXT   NOT NULL,
    subject_kind TEXT,
    subject      TEXT,
    period       TEXT   NOT NULL,
    org          TEXT   NOT NULL,
    mapping      TEXT,
    state        TEXT   NOT NULL CHECK (state IN ('mapping', 'checking', 'checked', 'committing', 'committed', 'undone', 'discarded', 'failed')),
    job          TEXT,
    report       TEXT,
    actor        TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    version      BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, org) REFERENCES org (city, id)
);
CREATE INDEX intake_at ON intake (city, at, id);

CREATE TABLE intake_file (
    city   TEXT   NOT NULL,
    intake TEXT   NOT NULL,
    no     BIGINT NOT NULL CHECK (no > 0),
    name   TEXT   NOT NULL,
    digest TEXT   NOT NULL,
    size   BIGINT NOT NULL CHECK (size >= 0),
    at     BIGINT NOT NULL,
    PRIMARY KEY (city, intake, no),
    FOREIGN KEY (city, intake) REFERENCES intake (city, id)
);

CREATE TABLE intake_chunk (
    city   TEXT   NOT NULL,
    intake TEXT   NOT NULL,
    no     BIGINT NOT NULL,
    chunk  BIGINT NOT NULL CHECK (chunk >= 0),
    bytes  BYTEA  NOT NULL,
    PRIMARY KEY (city, intake, no, chunk),
    FOREIGN KEY (city, intake, no) REFERENCES intake_file (city, intake, no)
);

-- How the files of a batch were read: by it a cell's column is known for good.
ALTER TABLE import_batch ADD COLUMN mapping TEXT;

-- A mapping that an office keeps for its own workbook, found again by the header's fingerprint.
CREATE TABLE intake_mapping (
    city        TEXT   NOT NULL,
    org         TEXT   NOT NULL,
    form        TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    actor       TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (city, org, form, fingerprint),
    FOREIGN KEY (city, org) REFERENCES org (city, id)
);

-- A vintage (封账版本) is a closed month: what went in, by which definitions, what came out, with digests.
CREATE TABLE vintage (
    city     TEXT   NOT NULL,
    period   TEXT   NOT NULL,
    no       BIGINT NOT NULL CHECK (no > 0),
    sequence BIGINT NOT NULL CHECK (sequence >= 0),
    reason   TEXT   NOT NULL,
    actor    TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    digest   TEXT   NOT NULL,
    PRIMARY KEY (city, period, no)
);

CREATE TABLE vintage_part (
    city   TEXT   NOT NULL,
    period TEXT   NOT NULL,
    no     BIGINT NOT NULL,
    name   TEXT   NOT NULL,
    chunk  BIGINT NOT NULL CHECK (chunk >= 0),
    digest TEXT   NOT NULL,
    bytes  BYTEA  NOT NULL,
    PRIMARY KEY (city, period, no, name, chunk),
    FOREIGN KEY (city, period, no) REFERENCES vintage (city, period, no)
);

-- Who is in a stage: who owes a form is asked by stage.
CREATE INDEX tenancy_stage_reached ON tenancy_stage (city, stage, enterprise, tenancy, way, seq, day);
