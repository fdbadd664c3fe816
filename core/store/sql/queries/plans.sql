-- Plans: what every system holds and what is to be done with it, sealed with the case.

-- name: add
insert into plans (id, request_id, case_ref, subject_ref, made_at, made_by, plan_hash, body, verb)
values ($id, $request_id, $case_ref, $subject_ref, $made_at, $made_by, $plan_hash, $body, $verb);

-- name: one
select id, request_id, case_ref, subject_ref, made_at, made_by, plan_hash, body, verb from plans where id = $id;

-- name: renew
update plans set plan_hash = $plan_hash, body = $body where id = $id;

-- name: add_all
insert into plans (
    id, request_id, case_ref, subject_ref, made_at, made_by, plan_hash, body, verb
)
select id, request_id, case_ref, subject_ref, made_at, made_by, plan_hash, body, verb
from incoming;
