-- Cases and what belongs to them. Sealed texts (blob) open with the case key; nothing here names a person in the clear.
create table cases (
    case_ref varchar not null,
    reference varchar not null,
    created_at timestamp not null,
    received_at timestamp not null,
    channel varchar not null,
    taken_in_by varchar not null,
    subject_ref varchar,
    subject_state varchar not null,
    person blob not null,
    identity_state varchar not null,
    sealed_to_names boolean not null,
    version bigint not null
);

create table case_numbers (year integer not null, last_number integer not null, primary key (year));

create table case_identifiers (case_ref varchar not null, h blob not null);

create table case_named (case_ref varchar not null, account_id varchar not null);

create table requests (
    id varchar not null,
    case_ref varchar not null,
    reference varchar not null,
    kind varchar not null,
    state varchar not null,
    closing varchar,
    owner_id varchar,
    received_at timestamp not null,
    profile_id varchar not null,
    profile_version varchar not null,
    calendar_id varchar not null,
    calendar_version varchar not null,
    zone varchar not null,
    base_due date,
    final_due date,
    safe_due date,
    clock_state varchar not null,
    prepared_by varchar,
    approver_id varchar,
    plan_id varchar,
    package_id varchar,
    sent_at timestamp,
    came_back_at timestamp,
    closed_at timestamp,
    version bigint not null
);

create table request_moves (
    id varchar not null,
    request_id varchar not null,
    from_state varchar not null,
    to_state varchar not null,
    step varchar not null,
    account_id varchar not null,
    happened_at timestamp not null,
    words blob
);

create table pauses (
    id varchar not null,
    case_ref varchar not null,
    request_id varchar not null,
    kind varchar not null,
    asked_on date not null,
    answered_on date,
    reason blob not null,
    question blob not null
);

create table messages (
    id varchar not null,
    case_ref varchar not null,
    direction varchar not null,
    channel varchar not null,
    received_at timestamp not null,
    entered_at timestamp not null,
    entered_by varchar not null,
    sender blob,
    subject blob,
    body blob not null
);

create table attachments (
    id varchar not null,
    case_ref varchar not null,
    message_id varchar not null,
    media_type varchar not null,
    size_bytes bigint not null,
    name blob not null,
    content blob not null
);

create table notes (
    id varchar not null,
    case_ref varchar not null,
    written_at timestamp not null,
    written_by varchar not null,
    body blob not null
);

create table identity_checks (
    id varchar not null,
    case_ref varchar not null,
    checked_at timestamp not null,
    checked_by varchar not null,
    proofs varchar not null,
    outcome varchar not null,
    reason blob
);

create table reply_addresses (
    id varchar not null,
    case_ref varchar not null,
    kind varchar not null,
    standing varchar not null,
    address blob not null,
    added_at timestamp not null
);

create table plans (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    subject_ref varchar not null,
    made_at timestamp not null,
    made_by varchar not null,
    plan_hash varchar not null,
    body blob not null
);

create table packages (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    plan_id varchar not null,
    subject_ref varchar not null,
    state varchar not null,
    built_at timestamp,
    expires_at timestamp,
    sha256 varchar,
    size_bytes bigint,
    counts varchar,
    content blob,
    fetched_at timestamp,
    fetched_by varchar,
    version bigint not null
);

create table approvals (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    package_id varchar not null,
    plan_hash varchar not null,
    package_sha256 varchar not null,
    address_id varchar not null,
    asked_by varchar not null,
    asked_at timestamp not null,
    approver_id varchar,
    deputy_id varchar,
    deputy_from timestamp,
    decision varchar,
    decided_by varchar,
    decided_at timestamp,
    words blob
);

create table letters (
    id varchar not null,
    case_ref varchar not null,
    request_id varchar,
    kind varchar not null,
    language varchar not null,
    drafted_at timestamp not null,
    drafted_by varchar not null,
    body blob not null,
    address_id varchar,
    pdf_sha256 varchar,
    pdf blob,
    sent_at timestamp,
    sent_by varchar,
    sent_channel varchar,
    came_back_at timestamp
);

create table drafts (
    account_id varchar not null,
    form varchar not null,
    case_ref varchar not null,
    kept_at timestamp not null,
    body blob not null
);

create table tasks (
    id varchar not null,
    kind varchar not null,
    object_id varchar not null,
    case_ref varchar,
    request_id varchar,
    state varchar not null,
    attempt bigint not null,
    lease_until timestamp,
    not_before timestamp not null,
    made_at timestamp not null,
    ended_at timestamp,
    result varchar
);

create table disclosure_log (
    id varchar not null,
    subject_ref varchar not null,
    recipient varchar not null,
    categories varchar not null,
    disclosed_at timestamp not null,
    basis varchar not null,
    act varchar not null,
    source varchar not null
);
