-- The milestone ledger: what tenancies and projects planned, claimed and proved on their way, with evidence, promises,
-- readiness for the statistics, problems and reviews. Nothing here is overwritten: what no longer counts is kept beside
-- what counts.

-- A project belongs to an org; it lies in a park where one is known. Its kind is the code of its lifecycle.
CREATE TABLE project_before AS SELECT p.city, p.id, k.org, p.park, p.kind, p.name, p.enterprise, p.investment_fen, p.nature, p.source, p.version
    FROM project p JOIN park k ON k.city = p.city AND k.id = p.park;
CREATE TABLE project_milestone_before AS SELECT city, project, stage, way, seq, day, nature, source FROM project_milestone;
DROP TABLE project_milestone;
DROP TABLE project;

CREATE TABLE project (
    city       TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    org        TEXT   NOT NULL,
    park       TEXT,
    kind       TEXT   NOT NULL CHECK (kind <> ''),
    name       TEXT   NOT NULL CHECK (name <> ''),
    enterprise TEXT,
    investment_fen BIGINT CHECK (investment_fen >= 0),
    nature     TEXT   NOT NULL,
    source     TEXT   NOT NULL,
    version    BIGINT NOT NULL CHECK (version > 0),
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, org) REFERENCES org (city, id),
    FOREIGN KEY (city, park) REFERENCES park (city, id),
    FOREIGN KEY (city, enterprise) REFERENCES enterprise (city, id)
);
INSERT INTO project (city, id, org, park, kind, name, enterprise, investment_fen, nature, source, version)
    SELECT city, id, org, park, kind, name, enterprise, investment_fen, nature, source, version FROM project_before;
CREATE INDEX project_org ON project (city, org, id);
CREATE INDEX project_park ON project (city, park, id);

CREATE TABLE project_milestone (
    city        TEXT   NOT NULL,
    project     TEXT   NOT NULL,
    stage       TEXT   NOT NULL,
    way         TEXT   NOT NULL CHECK (way IN ('planned', 'claimed', 'deemed', 'verified')),
    seq         BIGINT NOT NULL CHECK (seq > 0),
    day         BIGINT NOT NULL CHECK (day > 0),
    nature      TEXT   NOT NULL,
    source      TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    recorder    TEXT   NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (city, project, stage, way, seq),
    FOREIGN KEY (city, project) REFERENCES project (city, id)
);
INSERT INTO project_milestone (city, project, stage, way, seq, day, nature, source, reason, recorder, recorded_at)
    SELECT city, project, stage, way, seq, day, nature, source, '', '', 0 FROM project_milestone_before;
DROP TABLE project_milestone_before;
DROP TABLE project_before;

-- Why a day was planned anew.
ALTER TABLE tenancy_stage ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- Entries of stages that were taken back, as they stood, with who took them back and why.
CREATE TABLE milestone_void (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL CHECK (subject_kind IN ('tenancy', 'project')),
    subject      TEXT   NOT NULL,
    stage        TEXT   NOT NULL,
    way          TEXT   NOT NULL CHECK (way IN ('claimed', 'deemed', 'verified')),
    seq          BIGINT NOT NULL CHECK (seq > 0),
    day          BIGINT NOT NULL CHECK (day > 0),
    nature       TEXT   NOT NULL,
    source       TEXT   NOT NULL,
    reason       TEXT   NOT NULL,
    recorder     TEXT   NOT NULL,
    recorded_at  BIGINT NOT NULL,
    void_reason  TEXT   NOT NULL CHECK (void_reason <> ''),
    void_by      TEXT   NOT NULL,
    void_at      BIGINT NOT NULL,
    PRIMARY KEY (city, subject_kind, subject, stage, way, seq)
);

-- Pauses: suspended and resumed.
CREATE TABLE milestone_pause (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL CHECK (subject_kind IN ('tenancy', 'project')),
    subject      TEXT   NOT NULL,
    seq          BIGINT NOT NULL CHECK (seq > 0),
    act          TEXT   NOT NULL CHECK (act IN ('suspend', 'resume')),
    day          BIGINT NOT NULL CHECK (day > 0),
    reason       TEXT   NOT NULL,
    recorder     TEXT   NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (city, subject_kind, subject, seq)
);

-- A city's own version of a pack of rules: a lifecycle, a table of lights, promises or readiness.
CREATE TABLE pack_version (
    city    TEXT   NOT NULL,
    kind    TEXT   NOT NULL CHECK (kind IN ('lifecycle', 'light', 'promise', 'enrolment')),
    code    TEXT   NOT NULL CHECK (code <> ''),
    version BIGINT NOT NULL CHECK (version > 0),
    body    TEXT   NOT NULL,
    reason  TEXT   NOT NULL CHECK (reason <> ''),
    actor   TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (city, kind, code, version)
);

-- ---------------------------------------------------------------- files by digest
CREATE TABLE blob (
    city      TEXT   NOT NULL,
    digest    TEXT   NOT NULL CHECK (length(digest) = 64),
    size      BIGINT NOT NULL CHECK (size > 0),
    media     TEXT   NOT NULL,
    thumbnail BYTEA,
    hash      BIGINT,
    at        BIGINT NOT NULL,
    PRIMARY KEY (city, digest)
);

CREATE TABLE blob_part (
    city   TEXT   NOT NULL,
    digest TEXT   NOT NULL,
    part   BIGINT NOT NULL CHECK (part >= 0),
    bytes  BYTEA  NOT NULL,
    PRIMARY KEY (city, digest, part),
    FOREIGN KEY (city, digest) REFERENCES blob (city, digest)
);

-- The hashes alone: the thumbnails need not be read to compare them.
CREATE INDEX blob_hash ON blob (city, digest, hash) WHERE hash IS NOT NULL;

-- Evidence (佐证) for a stage of a tenancy or project, graded by what it is. latitude and longitude are millionths of a degree.
CREATE TABLE evidence (
    city         TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL CHECK (subject_kind IN ('tenancy', 'project', 'enterprise')),
    subject      TEXT   NOT NULL,
    stage        TEXT   NOT NULL,
    grade        TEXT   NOT NULL CHECK (grade IN ('permit', 'record', 'photo', 'statement')),
    title        TEXT   NOT NULL CHECK (title <> ''),
    number       TEXT   NOT NULL,
    issued       BIGINT,
    expires      BIGINT,
    file_name    TEXT   NOT NULL,
    digest       TEXT,
    taken_at     BIGINT,
    latitude     BIGINT,
    longitude    BIGINT,
    note         TEXT   NOT NULL,
    recorder     TEXT   NOT NULL,
    recorded_at  BIGINT NOT NULL,
    withdrawn_reason TEXT,
    withdrawn_by TEXT,
    withdrawn_at BIGINT,
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, digest) REFERENCES blob (city, digest)
);
CREATE INDEX evidence_subject ON evidence (city, subject_kind, subject, stage, id);
CREATE INDEX evidence_digest ON evidence (city, digest) WHERE digest IS NOT NULL;

-- The evidence that a verified (or claimed) entry rests on.
CREATE TABLE milestone_evidence (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    stage        TEXT   NOT NULL,
    way          TEXT   NOT NULL CHECK (way IN ('claimed', 'verified')),
    seq          BIGINT NOT NULL CHECK (seq > 0),
    evidence     TEXT   NOT NULL,
    PRIMARY KEY (city, subject_kind, subject, stage, way, seq, evidence),
    FOREIGN KEY (city, evidence) REFERENCES evidence (city, id)
);
CREATE INDEX milestone_evidence_evidence ON milestone_evidence (city, evidence);

-- A baseline (基准计划) names a moment: the plan of that moment is what had been recorded by then.
CREATE TABLE baseline (
    city   TEXT   NOT NULL,
    id     TEXT   NOT NULL,
    org    TEXT   NOT NULL,
    name   TEXT   NOT NULL CHECK (name <> ''),
    moment BIGINT NOT NULL,
    actor  TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, org) REFERENCES org (city, id)
);

-- ---------------------------------------------------------------- promises (承诺)
-- The latest entry of a subject, measure, basis and year counts. value: fen, fen per m² or mu, persons; see domain/promise.
CREATE TABLE promise (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL CHECK (subject_kind IN ('tenancy', 'project')),
    subject      TEXT   NOT NULL,
    measure      TEXT   NOT NULL CHECK (measure IN ('investment', 'output', 'tax', 'jobs')),
    basis        TEXT   NOT NULL CHECK (basis IN ('total', 'per_mu', 'per_m2')),
    year         BIGINT NOT NULL CHECK (year BETWEEN 0 AND 30),
    seq          BIGINT NOT NULL CHECK (seq > 0),
    value        BIGINT CHECK (value >= 0),
    clock        TEXT   NOT NULL,
    source       TEXT   NOT NULL CHECK (source <> ''),
    nature       TEXT   NOT NULL,
    reason       TEXT   NOT NULL,
    recorder     TEXT   NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (city, subject_kind, subject, measure, basis, year, seq)
);

-- Land that a subject uses, for promises per mu: stated, in m²; where it is not stated the park's share by floor area counts.
CREATE TABLE promise_land (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    seq          BIGINT NOT NULL CHECK (seq > 0),
    land_m2      BIGINT CHECK (land_m2 > 0),
    source       TEXT   NOT NULL CHECK (source <> ''),
    recorder     TEXT   NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (city, subject_kind, subject, seq)
);

-- ---------------------------------------------------------------- readiness for the statistics (纳统准备)
-- What the statistics office, or the enterprise's application to it, says: separate facts, the latest entry of each counts.
CREATE TABLE enrolment_fact (
    city        TEXT   NOT NULL,
    enterprise  TEXT   NOT NULL,
    fact        TEXT   NOT NULL CHECK (fact IN ('applied', 'returned', 'accepted', 'listed', 'delisted', 'base', 'last_year')),
    seq         BIGINT NOT NULL CHECK (seq > 0),
    day         BIGINT NOT NULL,
    month       BIGINT NOT NULL,
    value       BIGINT,
    void        BIGINT NOT NULL CHECK (void IN (0, 1)),
    nature      TEXT   NOT NULL,
    source      TEXT   NOT NULL CHECK (source <> ''),
    recorder    TEXT   NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (city, enterprise, fact, seq),
    FOREIGN KEY (city, enterprise) REFERENCES enterprise (city, id)
);

-- Material of the check-list; the latest entry of each counts.
CREATE TABLE enrolment_paper (
    city        TEXT   NOT NULL,
    enterprise  TEXT   NOT NULL,
    paper       TEXT   NOT NULL,
    seq         BIGINT NOT NULL CHECK (seq > 0),
    have        BIGINT NOT NULL CHECK (have IN (0, 1)),
    expires     BIGINT,
    evidence    TEXT,
    source      TEXT   NOT NULL,
    recorder    TEXT   NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (city, enterprise, paper, seq),
    FOREIGN KEY (city, enterprise) REFERENCES enterprise (city, id),
    FOREIGN KEY (city, evidence) REFERENCES evidence (city, id)
);
CREATE INDEX enrolment_paper_evidence ON enrolment_paper (city, evidence) WHERE evidence IS NOT NULL;

-- ---------------------------------------------------------------- officers, problems, reviews
-- Who answers for a tenancy or project (专员); the latest entry counts, '' for nobody.
CREATE TABLE officer (
    city         TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL CHECK (subject_kind IN ('tenancy', 'project')),
    subject      TEXT   NOT NULL,
    seq          BIGINT NOT NULL CHECK (seq > 0),
    username     TEXT   NOT NULL,
    since        BIGINT NOT NULL,
    reason       TEXT   NOT NULL,
    recorder     TEXT   NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (city, subject_kind, subject, seq)
);
CREATE INDEX officer_username ON officer (city, username, subject_kind, subject, seq);

-- Which table of lights the city uses; the latest counts.
CREATE TABLE light_choice (
    city     TEXT   NOT NULL,
    seq      BIGINT NOT NULL CHECK (seq > 0),
    template TEXT   NOT NULL,
    reason   TEXT   NOT NULL CHECK (reason <> ''),
    actor    TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (city, seq)
);

CREATE TABLE problem (
    city         TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    subject_kind TEXT   NOT NULL CHECK (subject_kind IN ('tenancy', 'project', 'park')),
    subject      TEXT   NOT NULL,
    org          TEXT   NOT NULL,
    review       TEXT,
    title        TEXT   NOT NULL CHECK (title <> ''),
    body         TEXT   NOT NULL,
    version      BIGINT NOT NULL CHECK (version > 0),
    recorder     TEXT   NOT NULL,
    recorded_at  BIGINT NOT NULL,
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, org) REFERENCES org (city, id)
);
CREATE INDEX problem_subject ON problem (city, subject_kind, subject, id);
CREATE INDEX problem_org ON problem (city, org, id);

-- What was done with a problem; owner, due day and level as they stand after it.
CREATE TABLE problem_event (
    city    TEXT   NOT NULL,
    problem TEXT   NOT NULL,
    seq     BIGINT NOT NULL CHECK (seq > 0),
    act     TEXT   NOT NULL CHECK (act IN ('open', 'assign', 'due', 'escalate', 'note', 'solve', 'confirm', 'reopen')),
    state   TEXT   NOT NULL CHECK (state IN ('open', 'solved', 'closed')),
    owner   TEXT   NOT NULL,
    owner_org TEXT NOT NULL,
    due     BIGINT,
    text    TEXT   NOT NULL,
    actor   TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (city, problem, seq),
    FOREIGN KEY (city, problem) REFERENCES problem (city, id)
);

-- A quarter's review (拉练): the numbers of one office, frozen, with grades and what is to be done.
CREATE TABLE review (
    city    TEXT   NOT NULL,
    id      TEXT   NOT NULL,
    org     TEXT   NOT NULL,
    quarter TEXT   NOT NULL,
    title   TEXT   NOT NULL CHECK (title <> ''),
    sequence BIGINT NOT NULL CHECK (sequence >= 0),
    body    TEXT   NOT NULL,
    digest  TEXT   NOT NULL,
    actor   TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, org) REFERENCES org (city, id)
);
CREATE INDEX review_org ON review (city, org, quarter, id);

-- Grades; site '' is the whole office; the latest entry counts.
CREATE TABLE review_grade (
    city   TEXT   NOT NULL,
    review TEXT   NOT NULL,
    site   TEXT   NOT NULL,
    seq    BIGINT NOT NULL CHECK (seq > 0),
    grade  TEXT   NOT NULL,
    remark TEXT   NOT NULL,
    actor  TEXT   NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (city, review, site, seq),
    FOREIGN KEY (city, review) REFERENCES review (city, id)
);
