-- Restores that were tried on an empty folder, and what came of them.
create table drills (
    id varchar not null,
    backup varchar not null,
    made_at timestamp,
    done_at timestamp not null,
    milliseconds bigint not null,
    entries bigint not null,
    people bigint not null,
    erased_again bigint not null,
    stopped_again bigint not null,
    trouble varchar not null,
    primary key (id)
);
