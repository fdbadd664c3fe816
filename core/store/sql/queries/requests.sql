-- Requests: one per right, each with its own clock.

-- name: add
insert into requests (id, case_ref, reference, kind, state, received_at, profile_id, profile_version, calendar_id,
    calendar_version, zone, clock_state, version)
values ($id, $case_ref, $reference, $kind, $state, $received_at, $profile_id, $profile_version, $calendar_id,
    $calendar_version, $zone, 'running', 1);

-- name: one
select id, case_ref, reference, kind, state, closing, owner_id, received_at, profile_id, profile_version, calendar_id,
    calendar_version, zone, base_due, final_due, safe_due, clock_state, prepared_by, approver_id, plan_id, package_id,
    sent_at, came_back_at, closed_at, version
from requests where id = $id;

-- name: of_case
select id, case_ref, reference, kind, state, closing, owner_id, received_at, profile_id, profile_version, calendar_id,
    calendar_version, zone, base_due, final_due, safe_due, clock_state, prepared_by, approver_id, plan_id, package_id,
    sent_at, came_back_at, closed_at, version
from requests where case_ref = $case_ref order by reference;

-- name: open_of_case
select id, case_ref, reference, kind, state, closing, owner_id, received_at, profile_id, profile_version, calendar_id,
    calendar_version, zone, base_due, final_due, safe_due, clock_state, prepared_by, approver_id, plan_id, package_id,
    sent_at, came_back_at, closed_at, version
from requests where case_ref = $case_ref and state <> 'closed' order by reference;

-- name: set_dates
update requests set base_due = $base_due, final_due = $final_due, safe_due = $safe_due, clock_state = $clock_state
where id = $id;

-- name: pauses
select kind, asked_on, answered_on from pauses where request_id = $request_id order by asked_on, id;

-- name: pause_texts
select id, kind, asked_on, answered_on, reason, question from pauses
where request_id = $request_id order by asked_on, id;

-- name: identity_answered
select max(answered_on) as answered_on from pauses where request_id = $request_id and kind = 'identity';

-- name: open_pauses
select id, asked_on from pauses where request_id = $request_id and kind = $kind and answered_on is null;

-- name: add_pause
insert into pauses (id, case_ref, request_id, kind, asked_on, reason, question)
values ($id, $case_ref, $request_id, $kind, $asked_on, $reason, $question);

-- name: end_pause
update pauses set answered_on = $answered_on where id = $id;

-- name: assign
update requests set owner_id = $owner_id, version = version + 1 where id = $id and version = $version;

-- name: moves
select from_state, to_state, step, account_id, happened_at, words from request_moves
where request_id = $request_id order by happened_at, id;

-- name: can_handle
select account_id from account_roles
where account_id = $account_id and role in ('dpo', 'steward', 'approver') and valid_from is not null
    and ended_at is null and (valid_until is null or valid_until > $now);

-- name: move
update requests set state = $to_state, closing = coalesce(cast($closing as varchar), closing),
    closed_at = coalesce(cast($closed_at as timestamp), closed_at), version = version + 1
where id = $id and state = $from_state and version = $version;

-- name: record_move
insert into request_moves (id, request_id, from_state, to_state, step, account_id, happened_at, words)
values ($id, $request_id, $from_state, $to_state, $step, $account_id, $happened_at, $words);

-- name: letter_sent
select id from letters where case_ref = $case_ref and kind = $kind and sent_at is not null and came_back_at is null;
