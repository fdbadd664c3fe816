-- The embedded profile store: people, their identifiers and what hangs on them, always by subject.

-- name: by_hash
select subject_ref from identifiers where h in (select unnest(cast($hashes as ubigint[])));

-- name: by_one_hash
-- Of one hash the engine knows which blocks cannot hold it; of several it reads all between the least and the greatest.
select subject_ref from identifiers where h = cast($h as ubigint);

-- name: held_hashes
select h, kind, subject_ref from identifiers where h in (select unnest(cast($hashes as ubigint[])));

-- name: identifiers_of
select subject_ref, kind, value, normal, shared from identifier_values
where subject_ref in (select unnest(cast($subjects as varchar[]))) order by subject_ref, kind, normal;

-- name: profiles_of
select subject_ref, customer_id, given_name, family_name, birth_date, address, city, postcode, country, language,
    name_key, address_key, city_key, postcode_key, made_at, changed_at, source, source_texts
from profiles where subject_ref in (select unnest(cast($subjects as varchar[]))) order by subject_ref;

-- name: by_customer
select subject_ref, customer_id from profiles where customer_id in (select unnest(cast($customers as varchar[])));

-- name: attributes_of
select subject_ref, name, value from attributes where subject_ref = $subject order by name;

-- name: consents_of
select id, subject_ref, purpose, channel, given, happened_at, text_version, source
from consents where subject_ref = $subject order by happened_at, id;

-- name: devices_of
select subject_ref, device_id, first_seen_at from devices where subject_ref = $subject order by device_id;

-- name: events_of
select id, subject_ref, happened_at, kind, channel, detail
from events where subject_ref = $subject order by happened_at, id;

-- name: standing_restrictions
select subject_ref, ground, placed_at from restrictions
where subject_ref in (select unnest(cast($subjects as varchar[]))) and lifted_at is null
order by subject_ref, placed_at, id;

-- name: restrictions_of
select id, subject_ref, system, ground, case_ref, placed_at, lifted_at
from restrictions where subject_ref = $subject order by placed_at, id;

-- name: restrict
insert into restrictions (id, subject_ref, system, ground, case_ref, placed_at)
values ($id, $subject, $system, $ground, $case_ref, $now);

-- name: lift_marks
update restrictions set lifted_at = $now
where subject_ref = $subject and ground = $ground and lifted_at is null
    and coalesce(case_ref, '') = coalesce(cast($case_ref as varchar), '');

-- name: lift_all_marks
update restrictions set lifted_at = $now where subject_ref = $subject and lifted_at is null;

-- name: add_profiles
insert into profiles (subject_ref, customer_id, given_name, family_name, birth_date, address, city, postcode, country,
    language, name_key, address_key, city_key, postcode_key, made_at, changed_at, source, source_texts)
select subject_ref, customer_id, given_name, family_name, cast(birth_date as date), address, city, postcode, country,
    language, name_key, address_key, city_key, postcode_key, made_at, changed_at, source, source_texts
from incoming order by subject_ref;

-- name: change_profiles
update profiles set given_name = i.given_name, family_name = i.family_name, birth_date = cast(i.birth_date as date),
    address = i.address, city = i.city, postcode = i.postcode, country = i.country, language = i.language,
    name_key = i.name_key, address_key = i.address_key, city_key = i.city_key, postcode_key = i.postcode_key,
    changed_at = i.changed_at, source = i.source, source_texts = i.source_texts
from incoming i where profiles.subject_ref = i.subject_ref;

-- name: add_identifiers
insert into identifiers (h, kind, subject_ref, form_version)
select h, kind, subject_ref, form_version from incoming order by h;

-- name: add_identifier_values
insert into identifier_values (subject_ref, kind, value, normal, shared)
select subject_ref, kind, value, normal, shared from incoming order by subject_ref, kind;

-- name: without_loose
-- Everybody has a customer number, so who lacks its loose form lacks that of every other identifier too.
select subject_ref, kind, value, normal from identifier_values
where subject_ref in (
    select v.subject_ref from identifier_values v
    anti join identifiers i on i.subject_ref = v.subject_ref and i.kind = 'loose:customer_id'
    where v.kind = 'customer_id' limit cast($most as integer)
);

-- name: drop_identifiers
delete from identifiers using incoming i where identifiers.subject_ref = i.subject_ref and identifiers.kind = i.kind;

-- name: drop_identifier_values
delete from identifier_values using incoming i
where identifier_values.subject_ref = i.subject_ref and identifier_values.kind = i.kind;

-- name: mark_shared
update identifier_values set shared = i.shared
from incoming i
where identifier_values.subject_ref = i.subject_ref and identifier_values.kind = i.kind
    and identifier_values.normal = i.normal;

-- name: renumber
update profiles set customer_id = $customer_id where subject_ref = $subject;

-- name: add_attributes
insert into attributes (subject_ref, name, value) select subject_ref, name, value from incoming order by subject_ref, name;

-- name: drop_attributes
delete from attributes using incoming i where attributes.subject_ref = i.subject_ref and attributes.name = i.name;

-- name: add_devices
insert into devices (subject_ref, device_id, first_seen_at)
select subject_ref, device_id, first_seen_at from incoming order by subject_ref;

-- name: known_events
select id from events where id in (select unnest(cast($ids as varchar[])));

-- name: add_events
insert into events (id, subject_ref, happened_at, kind, channel, detail)
select id, subject_ref, happened_at, kind, channel, detail from incoming order by subject_ref, happened_at;

-- name: known_disclosure_log
select id from disclosure_log where id in (select unnest(cast($ids as varchar[])));

-- name: add_disclosures
insert into disclosure_log (id, subject_ref, recipient, categories, disclosed_at, basis, act, source)
select id, subject_ref, recipient, categories, happened_at, basis, act, source
from incoming order by subject_ref, happened_at;

-- name: disclose
insert into disclosure_log (id, subject_ref, recipient, categories, disclosed_at, basis, act, source)
values ($id, $subject, $recipient, $categories, $disclosed_at, $basis, $act, $source);

-- name: known_consents
select id from consents where id in (select unnest(cast($ids as varchar[])));

-- name: add_consents
insert into consents (id, subject_ref, purpose, channel, given, happened_at, text_version, source)
select id, subject_ref, purpose, channel, given, happened_at, text_version, source
from incoming order by subject_ref, happened_at;

-- name: erase_profiles
delete from profiles where subject_ref in (select unnest(cast($subjects as varchar[])));

-- name: erase_identifiers
delete from identifiers where subject_ref in (select unnest(cast($subjects as varchar[])));

-- name: erase_identifier_values
delete from identifier_values where subject_ref in (select unnest(cast($subjects as varchar[])));

-- name: erase_attributes
delete from attributes where subject_ref in (select unnest(cast($subjects as varchar[])));

-- name: erase_consents
delete from consents where subject_ref in (select unnest(cast($subjects as varchar[])));

-- name: erase_devices
delete from devices where subject_ref in (select unnest(cast($subjects as varchar[])));

-- name: erase_events
delete from events where subject_ref in (select unnest(cast($subjects as varchar[])));

-- name: add_import
insert into imports (id, kind, imported_at, imported_by, name, row_count, added, changed, already_held, rejected,
    warned, file_sha256)
values ($id, $kind, $now, $account_id, $name, $row_count, $added, $changed, $already_held, $rejected, $warned, $sha256);

-- name: imports
select id, kind, imported_at, imported_by, name, row_count, added, changed, already_held, rejected, warned
from imports order by imported_at desc, id desc limit 200;

-- name: withheld
select subject_ref from account_people
where account_id = $account_id and subject_ref in (select unnest(cast($subjects as varchar[])))
union
select c.subject_ref from cases c
where c.subject_ref in (select unnest(cast($subjects as varchar[])))
    and sealed_from(c.case_ref, c.sealed_to_names, $account_id);

-- name: relation
select relation from account_people
where account_id = $account_id and subject_ref = $subject and relation = $relation;

-- name: relate
insert into account_people (account_id, subject_ref, relation) values ($account_id, $subject, $relation);

-- name: columns
select table_name, column_name from information_schema.columns
where table_catalog = current_database() order by table_name, ordinal_position;

-- name: keep_words
insert into purpose_words (words_hash, kept_at, body) values ($words_hash, $kept_at, $body);
