-- The store's facts, the log and what goes with every act.
create table store_facts (name varchar not null, fact varchar not null);

create table audit (
    chain varchar not null,
    seq bigint not null,
    happened_at timestamp not null,
    actor_ref varchar not null,
    sign_in_ref varchar,
    role varchar,
    act varchar not null,
    outcome varchar not null,
    subject_ref varchar,
    case_ref varchar,
    request_ref varchar,
    object_kind varchar,
    object_id varchar,
    purpose_code varchar,
    words_hash blob,
    details varchar not null,
    prev blob not null,
    hash blob not null,
    primary key (chain, seq)
);

create table commands (
    command_key varchar not null,
    account_id varchar not null,
    act varchar not null,
    result varchar not null,
    done_at timestamp not null,
    primary key (command_key, account_id)
);

create table disclosures (
    sign_in_ref varchar not null,
    subject_ref varchar not null,
    act varchar not null,
    purpose_code varchar not null,
    object_id varchar not null,
    valid_until timestamp not null
);
