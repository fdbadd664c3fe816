-- What is known about a child for whom a parent asks; the birth date is sealed with the case key. Named tables, which
-- hold what the child told in confidence, are left out of a parent's copy.
create table children (
    case_ref varchar not null,
    born blob not null,
    parent varchar not null,
    own_view varchar,
    conflict boolean not null,
    contact_ban boolean not null,
    in_confidence varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    version bigint not null
);
