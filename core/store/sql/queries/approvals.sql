-- Approvals: who is asked to approve which thing, bound by which hash, and what they decided.

-- part: columns
id, request_id, case_ref, thing, thing_id, hash, address_id, asked_by, asked_at, approver_id, deputy_id, deputy_from,
    decision, decided_by, decided_role, decided_at, words, words_under

-- name: add
insert into approvals (id, request_id, case_ref, thing, thing_id, hash, address_id, asked_by, asked_at, approver_id,
    deputy_id, deputy_from, words_under)
values ($id, $request_id, $case_ref, $thing, $thing_id, $hash, $address_id, $asked_by, $asked_at, $approver_id, $deputy_id,
    $deputy_from, 'approvals');

-- name: one
select {columns} from approvals where id = $id;

-- name: of_thing
select {columns} from approvals where thing = $thing and thing_id = $thing_id order by asked_at, id;

-- name: decide
update approvals set decision = $decision, decided_by = $decided_by, decided_role = $decided_role,
    decided_at = $decided_at, words = $words
where id = $id and decision is null;

-- name: approved
select id, request_id, hash, address_id, decided_by, decided_at from approvals
where thing = $thing and thing_id = $thing_id and hash = $hash and decision = 'approved' order by decided_at desc limit 1;

-- name: open_of_request
-- What the request as a whole waits for; a letter and an extension are approved beside it.
select id, thing, asked_by, approver_id, asked_at, deputy_id, deputy_from from approvals
where request_id = $request_id and decision is null and thing not in ('letter', 'extension');

-- name: waiting
-- `accounts` are the person, and those who are away and for whom they stand in; nobody stands in for their own asking.
select a.id, a.thing, a.thing_id, a.request_id, r.reference, r.case_ref, r.kind, r.final_due, r.base_due, l.kind as letter,
    a.asked_by, a.asked_at, a.approver_id, a.deputy_id, a.deputy_from
from approvals a join requests r on r.id = a.request_id
    left join letters l on a.thing = 'letter' and l.id = a.thing_id
    left join extensions e on a.thing = 'extension' and e.id = a.thing_id
where a.decision is null and (a.approver_id = $account_id
        or (a.asked_by <> $account_id and a.approver_id in (select unnest(cast($accounts as varchar[]))))
        or (a.deputy_id in (select unnest(cast($accounts as varchar[]))) and a.deputy_from <= cast($now as timestamp)))
    and case a.thing
        when 'letter' then l.sent_at is null
        when 'extension' then e.told_on is null and r.state <> 'closed' and r.sent_at is null
        else r.state = 'awaiting_approval'
    end
order by a.asked_at, a.id;

-- name: address
select id, case_ref, kind, standing, address, added_at from reply_addresses where id = $id;

-- name: addresses
select id, case_ref, kind, standing, address, added_at from reply_addresses where case_ref = $case_ref order by id;

-- name: add_all
insert into approvals (
    id, request_id, case_ref, thing, thing_id, hash, address_id, asked_by, asked_at, approver_id, deputy_id,
    deputy_from, decision, decided_by, decided_role, decided_at, words, words_under
)
select id, request_id, case_ref, thing, thing_id, hash, address_id, asked_by, asked_at, approver_id, deputy_id,
    deputy_from, decision, decided_by, decided_role, decided_at, words, words_under
from incoming;
