-- What an erasure in part left standing: each table with its ground, its last day and what it held then, until it is erased.
create table kept_items (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    subject_ref varchar not null,
    plan_id varchar not null,
    system varchar not null,
    table_name varchar not null,
    ground varchar not null,
    until date,
    reference blob,
    row_count bigint not null,
    digest varchar not null,
    state varchar not null,
    kept_at timestamp not null,
    confirmed_by varchar,
    confirmed_at timestamp,
    erased_at timestamp,
    letter_id varchar,
    version bigint not null
);
