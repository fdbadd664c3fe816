-- Requests that go on for others that were closed by mistake.

-- name: add
insert into reopenings (opened_id, request_id, case_ref, reason, opened_by, opened_at)
values ($opened_id, $request_id, $case_ref, $reason, $opened_by, $opened_at);

-- name: of_request
-- What goes on for a request, and for what it goes on itself.
select opened_id, request_id, case_ref, reason, opened_by, opened_at from reopenings
where request_id = $request_id or opened_id = $request_id order by opened_at, opened_id;

-- name: going_on
-- A linked request that is open still, by whatever way it was opened.
select r.id from requests r where r.state <> 'closed' and (
    r.id in (select o.opened_id from reopenings o where o.request_id = $request_id)
    or r.id in (select k.opened_id from closing_checks k where k.request_id = $request_id and k.opened_id is not null))
order by r.id;
