-- What was recorded for each need of a request with a path of its own; the newest of a need stands. What was typed is
-- sealed with the case key; `outcome` is a code of the law.
create table needs_met (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    need varchar not null,
    outcome varchar not null,
    about_case varchar,
    day date,
    answer blob not null,
    recorded_by varchar not null,
    recorded_at timestamp not null,
    version bigint not null
);

-- The day that an authority's letter names; the newest stands.
create table named_days (
    id varchar not null, request_id varchar not null, case_ref varchar not null, day date not null, named_at timestamp not null
);

-- Disclosures of which a law forbids to tell: until they may be told, no copy and no list names them.
create table silences (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    look_on date not null,
    open_ended boolean not null,
    disclosure_id varchar,
    ended_at timestamp
);

-- Letters that another person approves by themselves, and who edited their text.
create table letter_approvals (
    id varchar not null,
    letter_id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    state varchar not null,
    letter_hash varchar not null,
    asked_by varchar not null,
    asked_at timestamp not null,
    approver_id varchar not null,
    deputy_id varchar,
    deputy_from timestamp,
    decided_by varchar,
    decided_role varchar,
    decided_at timestamp,
    words blob
);

create table letter_editors (letter_id varchar not null, case_ref varchar not null, account_id varchar not null);
