-- Who acts for the person of a case: in which capacity, for which rights, until when, checked by whom, revoked when.
-- Names, addresses and what shows or lacks are sealed with the case key.
create table representatives (
    id varchar not null,
    case_ref varchar not null,
    capacity varchar not null,
    named blob not null,
    account_id varchar,
    rights varchar not null,
    since date not null,
    until date,
    answers_to_representative boolean not null,
    ruled_out boolean not null,
    identity_state varchar not null,
    identity_proofs varchar,
    identity_by varchar,
    identity_at timestamp,
    outcome varchar not null,
    checked_by varchar,
    checked_on date,
    words blob,
    revoked_on date,
    ended_at timestamp,
    ended_by varchar,
    end_reason varchar,
    added_at timestamp not null,
    added_by varchar not null,
    version bigint not null
);
