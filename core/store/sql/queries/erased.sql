-- What the tables still hold of people whom the ledger calls erased, and the proofs of their consents.

-- name: held
select distinct subject_ref, table_name from (
    select subject_ref, 'profiles' as table_name from profiles
    union all select subject_ref, 'identifier_values' from identifier_values
    union all select subject_ref, 'attributes' from attributes
    union all select subject_ref, 'consents' from consents
    union all select subject_ref, 'devices' from devices
    union all select subject_ref, 'events' from events
) t where subject_ref in (select unnest(cast($subjects as varchar[]))) order by subject_ref, table_name;

-- name: prove
insert into consent_proofs (id, h, kind, purpose, channel, given, happened_at, text_version, source, ground, until, case_ref,
    kept_at)
select id, h, kind, purpose, channel, given, happened_at, text_version, source, ground, cast(until as date), case_ref, kept_at
from incoming
where id not in (select id from consent_proofs);

-- name: proofs_under
select id, kind, purpose, channel, given, happened_at, text_version, source, ground, until, case_ref from consent_proofs
where h in (select unnest(cast($tokens as blob[]))) and until >= cast($today as date)
order by happened_at, id;

-- name: proofs_of_case
select id, h, kind, purpose, channel, given, happened_at, text_version, source, ground, until, case_ref, kept_at
from consent_proofs where case_ref = $case_ref order by id;

-- name: end_proofs
delete from consent_proofs where until < cast($today as date);
