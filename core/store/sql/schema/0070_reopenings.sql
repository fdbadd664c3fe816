-- Which request goes on for one that was closed by mistake: a closed request never moves.
create table reopenings (
    opened_id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    reason blob,
    opened_by varchar not null,
    opened_at timestamp not null,
    primary key (opened_id)
);
