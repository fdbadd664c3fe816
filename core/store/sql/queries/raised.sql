-- name: of_request
select id, request_id, case_ref, ground, tables, purposes, put_at, becomes, reasons, opened_id, answered_by, answered_at, version
from raised_questions where request_id = $request_id;

-- name: forget
delete from raised_questions where request_id = $request_id and becomes is null;

-- name: put
insert into raised_questions (id, request_id, case_ref, ground, tables, purposes, put_at, version)
values ($id, $request_id, $case_ref, $ground, $tables, $purposes, $now, 1);

-- name: answer
update raised_questions set becomes = $becomes, reasons = $reasons, opened_id = $opened_id, answered_by = $account_id,
    answered_at = $now, version = version + 1
where id = $id and version = $version and becomes is null;
