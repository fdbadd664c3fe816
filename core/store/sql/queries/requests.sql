-- Requests: one per right, each with its own clock.

-- part: columns
id, case_ref, reference, kind, state, closing, owner_id, received_at, profile_id, profile_version, calendar_id,
    calendar_version, zone, base_due, final_due, safe_due, clock_state, prepared_by, approver_id, plan_id, package_id,
    sent_at, came_back_at, closed_at, version

-- name: add
insert into requests (id, case_ref, reference, kind, state, received_at, profile_id, profile_version, calendar_id,
    calendar_version, zone, clock_state, version)
values ($id, $case_ref, $reference, $kind, $state, $received_at, $profile_id, $profile_version, $calendar_id,
    $calendar_version, $zone, 'running', 1);

-- name: one
select {columns} from requests where id = $id;

-- name: of_case
select {columns} from requests where case_ref = $case_ref order by reference;

-- name: open_of_case
select {columns} from requests where case_ref = $case_ref and state <> 'closed' order by reference;

-- name: beside
-- The requests of this case and of the person: all cases decided to be theirs (`theirs`), and, while one of the two is
-- not decided, the cases that came from the same address or number. A case that is sealed to others is only counted.
with near as (
    select case_ref from cases where case_ref = $case_ref or subject_ref = $subject
    union
    select a.case_ref from case_identifiers a join cases c on c.case_ref = a.case_ref
    where a.h in (select h from case_identifiers where case_ref = $case_ref)
        and (c.subject_ref is null or cast($subject as varchar) is null)
)
select r.id, r.case_ref, r.reference, r.kind, r.received_at, r.state, r.closing,
    r.state <> 'closed' and (r.sent_at is null or r.came_back_at is not null) as unanswered,
    c.case_ref = $case_ref or coalesce(c.subject_ref = $subject, false) as theirs,
    sealed_from(c.case_ref, c.sealed_to_names, $account_id) as barred, d.first_id
from near join cases c on c.case_ref = near.case_ref join requests r on r.case_ref = c.case_ref
    left join duplicates d on d.request_id = r.id
order by r.received_at, r.reference;

-- name: duplicate_of
select first_id from duplicates where request_id = $request_id;

-- name: keep_duplicate
insert into duplicates (request_id, case_ref, first_id) values ($request_id, $case_ref, $first_id);

-- name: set_dates
update requests set base_due = $base_due, final_due = $final_due, safe_due = $safe_due, due_end = $due_end,
    clock_state = $clock_state
where id = $id;

-- name: older_calendar
select id from requests
where state <> 'closed' and sent_at is null and calendar_version <> $version order by id;

-- name: keep_calendar
update requests set calendar_version = $version where id = $id and state <> 'closed' and sent_at is null;

-- name: pin_profile
update requests set profile_version = $profile_version where id = $id and state <> 'closed' and sent_at is null;

-- name: pauses
select kind, asked_on, answered_on, large_quantity, enough from pauses where request_id = $request_id order by asked_on, id;

-- name: pause_texts
select id, kind, asked_on, answered_on, reason, question, proofs, large_quantity, enough from pauses
where request_id = $request_id order by asked_on, id;

-- name: open_pauses
select id, asked_on from pauses where request_id = $request_id and kind = $kind and answered_on is null;

-- name: add_pause
insert into pauses (id, case_ref, request_id, kind, asked_on, reason, question, proofs, large_quantity)
values ($id, $case_ref, $request_id, $kind, $asked_on, $reason, $question, $proofs, $large_quantity);

-- name: answered_pauses
select id, answered_on from pauses
where request_id = $request_id and kind = $kind and answered_on is not null order by asked_on desc, id desc;

-- name: not_enough
update pauses set enough = false where id = $id;

-- name: end_pause
update pauses set answered_on = $answered_on where id = $id;

-- name: assign
update requests set owner_id = $owner_id, version = version + 1 where id = $id and version = $version;

-- name: name_approver
update requests set approver_id = $approver_id where id = $id;

-- name: attach_plan
update requests set plan_id = $plan_id, package_id = $package_id, prepared_by = $prepared_by, version = version + 1
where id = $id and state = 'in_progress' and version = $version;

-- name: touch
update requests set version = version + 1 where id = $id and version = $version and state <> 'closed';

-- name: moves
select from_state, to_state, step, account_id, happened_at, words from request_moves
where request_id = $request_id order by happened_at, id;

-- name: move
update requests set state = $to_state, closing = coalesce(cast($closing as varchar), closing),
    closed_at = coalesce(cast($closed_at as timestamp), closed_at), version = version + 1
where id = $id and state = $from_state and version = $version;

-- name: sent
update requests set sent_at = coalesce(sent_at, cast($sent_at as timestamp)), came_back_at = null where id = $id;

-- name: came_back
update requests set came_back_at = $came_back_at where id = $id;

-- name: record_move
insert into request_moves (id, request_id, from_state, to_state, step, account_id, happened_at, words)
values ($id, $request_id, $from_state, $to_state, $step, $account_id, $happened_at, $words);

-- name: keep_facts
insert into closed_facts (request_id, case_ref, facts) values ($request_id, $case_ref, $facts);

-- name: kept_facts
select facts from closed_facts where request_id = $request_id;

-- name: copies_of_case
select id from requests where case_ref = $case_ref and kind in ('access', 'portability');

-- name: add_all
insert into requests (
    id, case_ref, reference, kind, state, closing, owner_id, received_at, profile_id, profile_version, calendar_id,
    calendar_version, zone, base_due, final_due, safe_due, clock_state, prepared_by, approver_id, plan_id,
    package_id, sent_at, came_back_at, closed_at, due_end, version
)
select id, case_ref, reference, kind, state, closing, owner_id, received_at, profile_id, profile_version, calendar_id,
    calendar_version, zone, base_due, final_due, safe_due, clock_state, prepared_by, approver_id, plan_id,
    package_id, sent_at, came_back_at, closed_at, due_end, version
from incoming;

-- name: add_all_request_moves
insert into request_moves (
    id, request_id, from_state, to_state, step, account_id, happened_at, words
)
select id, request_id, from_state, to_state, step, account_id, happened_at, words
from incoming;

-- name: add_all_pauses
insert into pauses (
    id, case_ref, request_id, kind, asked_on, answered_on, reason, question, proofs, large_quantity
)
select id, case_ref, request_id, kind, asked_on, answered_on, reason, question, proofs, large_quantity
from incoming;

-- name: add_all_duplicates
insert into duplicates (
    request_id, case_ref, first_id
)
select request_id, case_ref, first_id
from incoming;

-- name: add_all_closed_facts
insert into closed_facts (
    request_id, case_ref, facts
)
select request_id, case_ref, facts
from incoming;
