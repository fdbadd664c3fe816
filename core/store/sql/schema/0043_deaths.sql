-- That the person of a case has died: marketing stops on every identifier, and no letter goes to them any more.
create table deaths (
    id varchar not null,
    case_ref varchar not null,
    subject_ref varchar,
    died_on date not null,
    source varchar not null,
    recorded_at timestamp not null,
    recorded_by varchar not null,
    ended_at timestamp,
    ended_by varchar,
    words blob
);
