-- Jobs: work that is done later, enqueued in the transaction of its cause. A job's row changes when its state does; what
-- changes all the time while it runs, the lease and the progress, is in job_beat, so that a heartbeat neither delays nor
-- upsets the transaction in which a job commits its work.
CREATE TABLE job (
    city         TEXT   NOT NULL,
    id           TEXT   NOT NULL,
    kind         TEXT   NOT NULL CHECK (kind <> ''),
    unique_key   TEXT   CHECK (unique_key <> ''),
    lane         TEXT   CHECK (lane <> ''),
    args         TEXT   NOT NULL,
    priority     BIGINT NOT NULL,
    actor        TEXT   NOT NULL,
    state        TEXT   NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'canceled')),
    run_at       BIGINT NOT NULL,
    attempts     BIGINT NOT NULL CHECK (attempts >= 0),
    max_attempts BIGINT NOT NULL CHECK (max_attempts > 0),
    claims       BIGINT NOT NULL CHECK (claims >= attempts),
    cancel       BIGINT NOT NULL CHECK (cancel IN (0, 1)),
    worker       TEXT,
    created_at   BIGINT NOT NULL,
    started_at   BIGINT,
    finished_at  BIGINT,
    result       TEXT,
    fault_key    TEXT,
    fault_args   TEXT,
    fault_text   TEXT,
    PRIMARY KEY (city, id),
    CHECK ((finished_at IS NULL) = (state IN ('queued', 'running'))),
    CHECK (state <> 'running' OR worker IS NOT NULL AND started_at IS NOT NULL)
);
CREATE UNIQUE INDEX job_unique_key ON job (city, kind, unique_key) WHERE state IN ('queued', 'running');
CREATE UNIQUE INDEX job_lane ON job (city, lane) WHERE state = 'running';
CREATE INDEX job_queued ON job (city, priority DESC, run_at, id) WHERE state = 'queued';
CREATE INDEX job_finished ON job (city, finished_at, id) WHERE state IN ('done', 'failed', 'canceled');

CREATE TABLE job_beat (
    city        TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    claims      BIGINT NOT NULL CHECK (claims > 0),
    lease_until BIGINT NOT NULL,
    seq         BIGINT NOT NULL CHECK (seq >= 0),
    phase       TEXT   NOT NULL,
    phase_at    BIGINT,
    done        BIGINT NOT NULL CHECK (done >= 0),
    total       BIGINT CHECK (total >= done),
    note        TEXT   NOT NULL,
    note_args   TEXT   NOT NULL,
    PRIMARY KEY (city, id),
    FOREIGN KEY (city, id) REFERENCES job (city, id)
);
