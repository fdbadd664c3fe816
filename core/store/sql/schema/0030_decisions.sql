-- Every decision on a request with its rule, the pinned law, the facts as codes, who took it and when (Art. 5(2)).
-- What somebody typed beside a decision is sealed with the case key; everything else is a row of the law's own tables.
create table decisions (
    id varchar not null,
    case_ref varchar not null,
    request_id varchar not null,
    act varchar not null,
    item varchar not null,
    granted boolean not null,
    outcome varchar not null,
    article varchar not null,
    rule varchar not null,
    profile varchar not null,
    inputs varchar not null,
    sentence varchar not null,
    words blob,
    actor_ref varchar not null,
    decided_at timestamp not null
);
