-- Plans of every verb, their approval without a package, and their carrying out system by system.
alter table plans add column verb varchar default 'export';

alter table approvals alter column package_id drop not null;
alter table approvals alter column package_sha256 drop not null;
alter table approvals alter column address_id drop not null;

-- What the preparer chose before a plan was made: grounds, exceptions, values. Sealed with the case key.
create table plan_terms (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    chosen_at timestamp not null,
    chosen_by varchar not null,
    body blob not null
);

create table carryings (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    plan_id varchar not null,
    subject_ref varchar not null,
    system varchar not null,
    verb varchar not null,
    state varchar not null,
    started_at timestamp,
    ended_at timestamp,
    result blob,
    version bigint not null
);
