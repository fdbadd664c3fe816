-- That an erased person had given or withdrawn a consent, under the keyed hashes of their addresses and numbers: kept only
-- where an exception keeps it, and until its day. The source is sealed under the desk's own key.
create table consent_proofs (
    id varchar not null,
    h blob not null,
    kind varchar not null,
    purpose varchar not null,
    channel varchar not null,
    given boolean not null,
    happened_at timestamp not null,
    text_version varchar,
    source blob,
    ground varchar not null,
    until date not null,
    case_ref varchar,
    kept_at timestamp not null
);
