-- What erasures in part left standing, and its end.

-- part: columns
id, request_id, case_ref, subject_ref, plan_id, system, table_name, ground, until, reference, row_count, digest,
    state, kept_at, confirmed_by, confirmed_at, erased_at, letter_id, version

-- name: add
insert into kept_items (id, request_id, case_ref, subject_ref, plan_id, system, table_name, ground, until, reference,
    row_count, digest, state, kept_at, version)
values ($id, $request_id, $case_ref, $subject_ref, $plan_id, $system, $table_name, $ground, $until, $reference,
    $row_count, $digest, 'kept', $kept_at, 1);

-- name: replace
-- A later erasure of the same person decides anew about what an earlier one left in a system.
update kept_items set state = 'replaced', version = version + 1
where subject_ref = $subject and system = $system and state in ('kept', 'changed');

-- name: one
select {columns} from kept_items where id = $id;

-- name: of_request
select {columns} from kept_items where request_id = $request_id order by until nulls last, id;

-- name: standing
select k.id, k.request_id, k.case_ref, k.subject_ref, k.system, k.table_name, k.ground, k.until, k.row_count, k.state,
    k.kept_at, k.confirmed_at, k.version, r.reference as request_reference
from kept_items k join requests r on r.id = k.request_id
where k.state in ('kept', 'changed') order by k.until nulls last, k.kept_at, k.id;

-- name: untold
-- Erased on their day, and the person is not told yet.
select distinct r.id, r.case_ref, r.reference, l.drafted_at
from kept_items k join requests r on r.id = k.request_id join letters l on l.id = k.letter_id
where k.state = 'erased' and l.sent_at is null order by l.drafted_at, r.reference;

-- name: locked
select subject_ref, ground, table_name from kept_items
where state in ('kept', 'changed') and subject_ref in (select unnest(cast($subjects as varchar[])))
order by subject_ref, id;

-- name: changed
update kept_items set state = 'changed', version = version + 1 where id = $id and state = 'kept' and version = $version;

-- name: confirm
update kept_items set confirmed_by = $account_id, confirmed_at = $now, version = version + 1
where id = $id and state in ('kept', 'changed') and version = $version;

-- name: prolong
update kept_items set ground = $ground, until = $until, reference = $reference, row_count = $row_count, digest = $digest,
    state = 'kept', confirmed_by = null, confirmed_at = null, version = version + 1
where id = $id and state in ('kept', 'changed') and version = $version;

-- name: erased
update kept_items set state = 'erased', erased_at = $now, letter_id = $letter_id, version = version + 1
where id = $id and state in ('kept', 'changed') and version = $version;
