-- What the tables still hold of people whom the ledger calls erased.

-- name: held
select distinct subject_ref, table_name from (
    select subject_ref, 'profiles' as table_name from profiles
    union all select subject_ref, 'identifier_values' from identifier_values
    union all select subject_ref, 'attributes' from attributes
    union all select subject_ref, 'consents' from consents
    union all select subject_ref, 'devices' from devices
    union all select subject_ref, 'events' from events
) t where subject_ref in (select unnest(cast($subjects as varchar[]))) order by subject_ref, table_name;
