-- Closings in which real requests get lost, drawn for another person to check; a wrong one names the request it opened.
create table closing_checks (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    closing varchar not null,
    closed_by varchar not null,
    drawn_at timestamp not null,
    verdict varchar,
    checked_by varchar,
    checked_at timestamp,
    reason blob,
    opened_id varchar,
    version bigint not null
);

-- Until which entry of the log a data protection officer has looked at what the command line searched.
create table operator_looks (seq bigint not null, account_id varchar not null, looked_at timestamp not null);
