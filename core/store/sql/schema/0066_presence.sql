-- Who is away from which day to which, both included, and who stands in; and the days on which the desk is shut. No reason is
-- kept. The last day of a request is never moved by either.
create table absences (
    id varchar not null,
    account_id varchar not null,
    first_day date not null,
    last_day date not null,
    deputy_id varchar,
    entered_by varchar not null,
    entered_at timestamp not null,
    primary key (id)
);

create table closure_days (
    id varchar not null,
    first_day date not null,
    last_day date not null,
    entered_by varchar not null,
    entered_at timestamp not null,
    primary key (id)
);
