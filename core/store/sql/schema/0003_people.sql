-- The embedded profile store: subject tables, sorted by subject, no index on personal data, no foreign keys.
create table profiles (
    subject_ref varchar not null,
    customer_id varchar not null,
    given_name varchar,
    family_name varchar,
    birth_date date,
    address varchar,
    city varchar,
    postcode varchar,
    country varchar,
    language varchar,
    name_key varchar,
    address_key varchar,
    city_key varchar,
    postcode_key varchar,
    made_at timestamp not null,
    changed_at timestamp not null,
    source varchar not null,
    source_texts blob
);

create table identifiers (
    h ubigint not null,
    kind varchar not null,
    subject_ref varchar not null,
    form_version integer not null
);

create table identifier_values (
    subject_ref varchar not null,
    kind varchar not null,
    value varchar not null,
    normal varchar not null,
    shared boolean not null
);

create table attributes (subject_ref varchar not null, name varchar not null, value varchar not null);

create table consents (
    id varchar not null,
    subject_ref varchar not null,
    purpose varchar not null,
    channel varchar not null,
    given boolean not null,
    happened_at timestamp not null,
    text_version varchar,
    source varchar
);

create table devices (subject_ref varchar not null, device_id varchar not null, first_seen_at timestamp not null);

create table events (
    id varchar not null,
    subject_ref varchar not null,
    happened_at timestamp not null,
    kind varchar not null,
    channel varchar,
    detail blob
);

create table restrictions (
    id varchar not null,
    subject_ref varchar not null,
    system varchar not null,
    ground varchar not null,
    case_ref varchar,
    placed_at timestamp not null,
    lifted_at timestamp
);

create table imports (
    id varchar not null,
    kind varchar not null,
    imported_at timestamp not null,
    imported_by varchar not null,
    name varchar not null,
    row_count bigint not null,
    added bigint not null,
    changed bigint not null,
    already_held bigint not null,
    rejected bigint not null,
    warned bigint not null,
    file_sha256 varchar not null
);

create table purpose_words (words_hash blob not null, kept_at timestamp not null, body blob not null);
