-- One entry is what was stopped for one value: its rows, one for each form of the value, share entry_ref. The value is sealed
-- under the person's key where the person is known, else under the case's or the desk's own, and shown masked; when that key
-- dies the keyed hash goes on stopping.
alter table suppressions add column entry_ref varchar;
alter table suppressions add column held_value blob;
alter table suppressions add column told_value blob;
update suppressions set entry_ref = id;

-- An entry that was made by mistake: asked with the evidence by one, annulled by another; its rows stay, as ended.
create table suppression_annulments (
    id varchar not null,
    entry_ref varchar not null,
    case_ref varchar,
    state varchar not null,
    evidence blob not null,
    asked_by varchar not null,
    asked_at timestamp not null,
    decision varchar,
    decided_by varchar,
    decided_at timestamp,
    version bigint not null
);

-- When a restriction was looked at again and stands on until another day: who, when, from which day to which.
create table restriction_reviews (
    id varchar not null,
    suppression_id varchar not null,
    case_ref varchar,
    reviewed_by varchar not null,
    reviewed_at timestamp not null,
    from_day date not null,
    to_day date not null,
    reason blob not null
);
