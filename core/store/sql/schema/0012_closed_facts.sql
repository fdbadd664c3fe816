-- What was recorded about a request when it was closed: states, counts and dates in JSON, so that its checklist stays.
create table closed_facts (
    request_id varchar not null,
    case_ref varchar not null,
    facts varchar not null
);
