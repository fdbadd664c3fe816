-- Identity beyond one outcome: how sensitive the data are that the right reaches, and by which proofs a question can
-- be answered. A proof document lies apart from every other file, under a key of its own that dies with the outcome.
alter table identity_checks add column data varchar;

alter table pauses add column proofs varchar;

create table identity_documents (
    id varchar not null,
    case_ref varchar not null,
    representative_id varchar,
    proves varchar not null,
    key_ref varchar not null,
    media_type varchar not null,
    size_bytes bigint not null,
    content blob,
    checker_id varchar not null,
    added_at timestamp not null,
    added_by varchar not null,
    ended_at timestamp,
    end_reason varchar
);
