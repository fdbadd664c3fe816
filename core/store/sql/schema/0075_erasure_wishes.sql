-- That somebody who had wanted the data kept, by a restriction, wants them erased all the same; their words are sealed.
create table erasure_wishes (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    happened_on date not null,
    words blob not null,
    recorded_by varchar not null,
    recorded_at timestamp not null
);
