-- What moves a clock besides questions: an extension of which the person is told, and a fee that was announced.
-- Facts, evidence, cost and reasons are sealed with the case key.
create table extensions (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    state varchar not null,
    grounds varchar not null,
    facts blob not null,
    until date,
    letter_id varchar not null,
    letter_hash varchar,
    prepared_by varchar not null,
    prepared_at timestamp not null,
    asked_by varchar,
    asked_at timestamp,
    approver_id varchar,
    deputy_id varchar,
    deputy_from timestamp,
    decided_by varchar,
    decided_at timestamp,
    words blob,
    told_on date,
    version bigint not null
);

create table fees (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    state varchar not null,
    ground varchar not null,
    facts blob not null,
    evidence blob not null,
    costs blob not null,
    currency varchar not null,
    letter_id varchar not null,
    prepared_by varchar not null,
    prepared_at timestamp not null,
    announced_on date,
    reply_by date not null,
    outcome varchar,
    outcome_on date,
    outcome_by varchar,
    version bigint not null
);
