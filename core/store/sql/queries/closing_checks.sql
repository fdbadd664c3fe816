-- Closings drawn for a check by another person.

-- part: columns
id, request_id, case_ref, closing, closed_by, drawn_at, verdict, checked_by, checked_at, reason, opened_id, version

-- name: closed_so
-- How many requests this person has closed in these ways, the one being closed among them.
select count(*) as closings from request_moves m join requests r on r.id = m.request_id
where m.account_id = $account_id and m.to_state = 'closed'
    and r.closing in ('duplicate', 'not_a_request', 'outside');

-- name: add
insert into closing_checks (id, request_id, case_ref, closing, closed_by, drawn_at, version)
values ($id, $request_id, $case_ref, $closing, $closed_by, $drawn_at, 1);

-- name: one
select {columns} from closing_checks where id = $id;

-- name: of_request
-- The check of a request, and the check that opened it.
select {columns} from closing_checks where request_id = $request_id or opened_id = $request_id order by drawn_at, id;

-- name: waiting
-- The oldest receipt first: its clock would go on where the closing is wrong. `barred` cases are only counted.
select k.id, k.request_id, k.closing, k.drawn_at, r.reference, r.kind, r.received_at, r.final_due,
    barred_from(c.case_ref, c.sealed_to_names, c.subject_ref, $account_id) as barred
from closing_checks k join requests r on r.id = k.request_id join cases c on c.case_ref = k.case_ref
where k.verdict is null and k.closed_by <> $account_id
order by r.received_at, k.id;

-- name: decide
update closing_checks set verdict = $verdict, checked_by = $account_id, checked_at = $now, reason = $reason,
    opened_id = $opened_id, version = version + 1
where id = $id and version = $version and verdict is null;

-- name: closing_words
select id, words from request_moves where request_id = $request_id and to_state = 'closed' order by happened_at desc, id limit 1;

-- name: add_all
insert into closing_checks (
    id, request_id, case_ref, closing, closed_by, drawn_at, verdict, checked_by, checked_at, reason, opened_id,
    version
)
select id, request_id, case_ref, closing, closed_by, drawn_at, verdict, checked_by, checked_at, reason, opened_id,
    version
from incoming;
