-- Four legal states that are never mixed: restriction, objection, withdrawal, erased-do-not-import. Identifiers stand
-- here as keyed hashes only, so that an entry can outlive the data it is about.
create table suppressions (
    id varchar not null,
    state varchar not null,
    h blob not null,
    kind varchar not null,
    form_version integer not null,
    purpose varchar not null,
    channel varchar not null,
    ground varchar not null,
    case_ref varchar,
    subject_ref varchar,
    started_at timestamp not null,
    review_on date,
    end_rule varchar not null,
    ended_at timestamp,
    ended_by varchar,
    end_ground varchar,
    source varchar not null,
    version bigint not null
);

-- What the person or a colleague wrote beside an entry: own words that limit it, the evidence that ends it.
create table suppression_words (
    id varchar not null,
    suppression_id varchar not null,
    case_ref varchar,
    kept_at timestamp not null,
    kept_by varchar not null,
    kind varchar not null,
    body blob not null
);

create table restriction_terms (
    request_id varchar not null,
    case_ref varchar not null,
    ground varchar not null,
    review_on date not null,
    recorded_at timestamp not null,
    recorded_by varchar not null
);

create table restriction_lifts (
    id varchar not null,
    suppression_id varchar not null,
    subject_ref varchar not null,
    case_ref varchar,
    ground varchar not null,
    reason blob not null,
    proposed_by varchar not null,
    proposed_at timestamp not null,
    letter_id varchar,
    informed_at timestamp,
    decision varchar,
    decided_by varchar,
    decided_at timestamp,
    version bigint not null
);

create table suppression_exports (
    id varchar not null,
    listed varchar not null,
    purpose_code varchar not null,
    counted bigint not null,
    asked_by varchar not null,
    asked_at timestamp not null,
    approver_id varchar not null,
    decision varchar,
    decided_by varchar,
    decided_at timestamp,
    fetched_at timestamp,
    sha256 varchar,
    version bigint not null
);
