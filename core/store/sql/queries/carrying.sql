-- The carrying out of a plan: one row for each system, and what the preparer chose for the plan.

-- part: columns
id, request_id, case_ref, plan_id, subject_ref, system, verb, state, started_at, ended_at, result, version

-- name: add
insert into carryings (id, request_id, case_ref, plan_id, subject_ref, system, verb, state, version)
values ($id, $request_id, $case_ref, $plan_id, $subject_ref, $system, $verb, $state, 1);

-- name: one
select {columns} from carryings where id = $id;

-- name: of_plan
select {columns} from carryings where plan_id = $plan_id order by id;

-- name: of_request
select {columns} from carryings where request_id = $request_id order by id;

-- name: start
update carryings set state = 'running', started_at = coalesce(started_at, cast($started_at as timestamp)),
    version = version + 1
where id = $id and state in ('waiting', 'running') and version = $version;

-- name: end
update carryings set state = $state, ended_at = $ended_at, result = $result, version = version + 1
where id = $id and state in ('waiting', 'running') and version = $version;

-- name: touch_erasures
-- An erasure that is at work in this moment reads the holds: one of the two commits first, the other is done again.
update carryings set version = version + 1
where verb = 'erase' and state in ('waiting', 'running')
    and (cast($subject as varchar) is null or subject_ref = cast($subject as varchar));

-- name: choose
insert into plan_terms (id, request_id, case_ref, chosen_at, chosen_by, body)
values ($id, $request_id, $case_ref, $chosen_at, $chosen_by, $body);

-- name: forget_terms
delete from plan_terms where request_id = $request_id;

-- name: terms
select id, request_id, case_ref, chosen_at, chosen_by, body from plan_terms where request_id = $request_id;

-- name: add_all_carryings
insert into carryings (
    id, request_id, case_ref, plan_id, subject_ref, system, verb, state, started_at, ended_at, result, version
)
select id, request_id, case_ref, plan_id, subject_ref, system, verb, state, started_at, ended_at, result, version
from incoming;
