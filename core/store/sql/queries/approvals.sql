-- Approvals: who is asked to release which bytes to which address, and what they decided.

-- name: add
insert into approvals (id, request_id, case_ref, package_id, plan_hash, package_sha256, address_id, asked_by, asked_at,
    approver_id, deputy_id, deputy_from)
values ($id, $request_id, $case_ref, $package_id, $plan_hash, $package_sha256, $address_id, $asked_by, $asked_at,
    $approver_id, $deputy_id, $deputy_from);

-- name: name_approver
update requests set approver_id = $approver_id where id = $id;

-- name: one
select id, request_id, case_ref, package_id, plan_hash, package_sha256, address_id, asked_by, asked_at, approver_id,
    deputy_id, deputy_from, decision, decided_by, decided_at
from approvals where id = $id;

-- name: decide
update approvals set decision = $decision, decided_by = $decided_by, decided_at = $decided_at, words = $words
where id = $id and decision is null;

-- name: approved
select id, request_id, package_id, package_sha256, address_id, decided_by from approvals
where package_id = $package_id and decision = 'approved';

-- name: open_of_request
select id from approvals where request_id = $request_id and decision is null;

-- name: waiting
select a.id, a.request_id, r.reference, r.case_ref, r.kind, r.final_due, a.asked_by, a.asked_at, a.approver_id, a.deputy_id,
    a.deputy_from
from approvals a join requests r on r.id = a.request_id
where a.decision is null and r.state = 'awaiting_approval'
    and (a.approver_id = $account_id or (a.deputy_id = $account_id and a.deputy_from <= cast($now as timestamp)))
order by a.asked_at, a.id;

-- name: address
select id, case_ref, kind, standing, address, added_at from reply_addresses where id = $id;

-- name: addresses
select id, case_ref, kind, standing, address, added_at from reply_addresses where case_ref = $case_ref order by id;

-- name: sent
update requests set sent_at = coalesce(sent_at, cast($sent_at as timestamp)), came_back_at = null where id = $id;

-- name: came_back
update requests set came_back_at = $came_back_at where id = $id;

-- name: verb
select p.verb from approvals a join requests r on r.id = a.request_id join plans p on p.id = r.plan_id
where a.id = $id;

-- name: of_plan
select id from approvals
where request_id = $request_id and plan_hash = $plan_hash and decision = 'approved';
