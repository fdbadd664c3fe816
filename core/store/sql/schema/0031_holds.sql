-- Holds: what must not be deleted while a claim or an inquiry lasts. The level says what one stops: a person's data (of one
-- category or all), a category of everybody, or the file of one case. Words are sealed with the case key, or the store's.
create table holds (
    id varchar not null,
    level varchar not null,
    reason varchar not null,
    category varchar not null,
    subject_ref varchar,
    case_ref varchar,
    words blob not null,
    set_by varchar not null,
    set_at timestamp not null,
    review_on date,
    release_asked_by varchar,
    release_roles varchar,
    release_asked_at timestamp,
    release_words blob,
    released_by varchar,
    released_at timestamp,
    version bigint not null
);
