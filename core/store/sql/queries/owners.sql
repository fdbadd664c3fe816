-- What is asked of the owners of systems without a connection to the desk, and what they found there.

-- part: columns
id, case_ref, request_id, system, verb, carrying_id, kept_id, due_on, asked_at, asked_by, state, answered_at, answered_by, answer, version

-- name: ask
insert into owner_tasks (
    id, case_ref, request_id, system, verb, carrying_id, kept_id, due_on, asked_at, asked_by, state, version
)
values (
    $id, $case_ref, $request_id, $system, $verb, $carrying_id, $kept_id, $due_on, $now, $account_id, 'open', 1
);

-- name: one
select {columns} from owner_tasks where id = $id;

-- name: of_case
select {columns} from owner_tasks where case_ref = $case_ref order by asked_at, id;

-- name: of_kept
select {columns} from owner_tasks where kept_id = $kept_id order by asked_at desc, id desc limit 1;

-- name: late
select t.id, t.case_ref, t.request_id, t.system, t.verb, t.due_on, r.reference, r.kind
from owner_tasks t join requests r on r.id = t.request_id
where t.state = 'open' and t.due_on < $today order by t.due_on, t.id;

-- name: answer
update owner_tasks set state = $state, answered_at = $now, answered_by = $account_id, answer = $answer, version = version + 1
where id = $id and state = 'open' and version = $version;

-- name: withdraw_of_request
-- Also what was asked for the whole case, where no other request of it is open.
update owner_tasks set state = 'withdrawn', version = version + 1
where state = 'open' and case_ref = $case_ref and (
    (request_id = $request_id and verb <> 'search')
    or (verb = 'search' and not exists (
        select 1 from requests r where r.case_ref = $case_ref and r.id <> $request_id and r.state <> 'closed'
    ))
);

-- name: withdraw_work
update owner_tasks set state = 'withdrawn', version = version + 1
where state = 'open' and request_id = $request_id and verb <> 'search';

-- name: last_answered
select {columns} from owner_tasks
where case_ref = $case_ref and system = $system and verb = $verb and state = 'answered'
order by answered_at desc, id desc limit 1;

-- name: findings
select id, task_id, case_ref, system, table_name, row_count, content, found_at from owner_findings
where case_ref = $case_ref and system = $system order by table_name, id;

-- name: forget_findings
delete from owner_findings where case_ref = $case_ref and system = $system;

-- name: find
insert into owner_findings (id, task_id, case_ref, system, table_name, row_count, content, found_at)
values ($id, $task_id, $case_ref, $system, $table_name, $row_count, $content, $now);

-- name: counted_only
-- Systems of a case of which only the number of rows is known, and something is held.
select system from owner_findings where case_ref = $case_ref and row_count > 0 and content is null
group by system order by system;

-- name: set_aside
-- A search whose answer does not serve any more, so that its owner is asked anew.
update owner_tasks set state = 'withdrawn', version = version + 1
where case_ref = $case_ref and system = $system and verb = 'search' and state = 'answered';

-- name: drop_finding
delete from owner_findings where id = $id;

-- name: empty_finding
update owner_findings set content = null where id = $id;

-- name: served
-- Whose rows have served: every request of the case is closed.
select f.case_ref from owner_findings f
where f.content is not null
    and not exists (select 1 from requests r where r.case_ref = f.case_ref and r.state <> 'closed')
group by f.case_ref order by f.case_ref;

-- name: empty_findings_of_case
update owner_findings set content = null where case_ref = $case_ref and content is not null;
