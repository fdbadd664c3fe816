-- Corrections of a request, one row for each field of each system; both values are sealed with the case key.
create table rectifications (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    subject_ref varchar not null,
    system varchar not null,
    field varchar not null,
    finding varchar not null,
    state varchar not null,
    rekeys boolean not null,
    held_by_other varchar not null,
    old_value blob not null,
    new_value blob not null,
    reason blob,
    proposed_by varchar not null,
    proposed_at timestamp not null,
    decided_by varchar,
    decided_at timestamp,
    carried_at timestamp,
    version bigint not null
);

-- What shows that a changed identifier is the person's own.
create table rectification_proofs (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    proofs varchar not null,
    words blob,
    recorded_by varchar not null,
    recorded_at timestamp not null
);

-- The notice to the address held before a changed identifier: a letter, or the reason why there is none.
create table old_address_notices (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    letter_id varchar,
    reason blob,
    reasoned_by varchar,
    reasoned_at timestamp,
    version bigint not null
);

-- Consents given on a day on which a corrected birth date puts the person on the other side of the age limit.
create table consent_flags (
    id varchar not null,
    subject_ref varchar not null,
    case_ref varchar not null,
    consent_id varchar not null,
    age_limit integer not null,
    flagged_at timestamp not null
);

create table recipient_notices (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    subject_ref varchar not null,
    recipient varchar not null,
    categories varchar not null,
    change varchar not null,
    state varchar not null,
    letter_id varchar,
    reason blob,
    proposed_at timestamp not null,
    sent_at timestamp,
    answered_at timestamp,
    changed_by varchar,
    version bigint not null
);

create table told_facts (case_ref varchar not null, facts integer not null);
