-- Accounts, their roles and sessions.
create table accounts (
    id varchar not null,
    actor_ref varchar not null,
    sign_in_name varchar not null,
    name varchar not null,
    password_hash varchar,
    totp_seed blob,
    totp_last_step bigint,
    made_at timestamp not null,
    made_by varchar not null,
    disabled_at timestamp,
    last_sign_in_at timestamp,
    primary key (id),
    unique (sign_in_name)
);

create table account_roles (
    id varchar not null,
    account_id varchar not null,
    role varchar not null,
    proposed_by varchar not null,
    proposed_at timestamp not null,
    confirmed_by varchar,
    valid_from timestamp,
    valid_until timestamp,
    ended_at timestamp,
    ended_by varchar,
    alone boolean not null
);

create table account_people (account_id varchar not null, subject_ref varchar not null, relation varchar not null);

create table sign_in_tokens (
    token_hash varchar not null,
    account_id varchar,
    purpose varchar not null,
    valid_until timestamp not null,
    used_at timestamp
);

create table sessions (
    session_hash varchar not null,
    account_id varchar not null,
    sign_in_ref varchar not null,
    started_at timestamp not null,
    seen_at timestamp not null,
    ends_at timestamp not null,
    stepped_up_until timestamp,
    stepped_up_for varchar,
    ended_at timestamp
);

create table sign_in_failures (id varchar not null, source varchar not null, failed_at timestamp not null);
