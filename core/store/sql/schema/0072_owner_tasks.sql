-- What is asked of the owners of systems without a connection to the desk, and what they found there.
create table owner_tasks (
    id varchar not null,
    case_ref varchar not null,
    request_id varchar not null,
    system varchar not null,
    verb varchar not null,
    carrying_id varchar,
    kept_id varchar,
    due_on date not null,
    asked_at timestamp not null,
    asked_by varchar not null,
    state varchar not null,
    answered_at timestamp,
    answered_by varchar,
    answer blob,
    version integer not null,
    primary key (id)
);
create table owner_findings (
    id varchar not null,
    task_id varchar not null,
    case_ref varchar not null,
    system varchar not null,
    table_name varchar not null,
    row_count bigint not null,
    content blob,
    found_at timestamp not null,
    primary key (id)
);
