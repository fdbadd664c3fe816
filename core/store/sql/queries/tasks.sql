-- The worker's tasks: leased, tried again, ended.

-- name: add
insert into tasks (id, kind, object_id, case_ref, request_id, state, attempt, not_before, made_at)
values ($id, $kind, $object_id, $case_ref, $request_id, 'waiting', 0, $not_before, $made_at);

-- name: pending
select id from tasks where kind = $kind and object_id = $object_id and state in ('waiting', 'running');

-- name: last_made
select max(made_at) as made_at from tasks where kind = $kind;

-- name: due
select id, kind, object_id, attempt, state from tasks
where (state = 'waiting' and (not_before <= cast($now as timestamp) or made_at > cast($made_after as timestamp)
        or (attempt > 0 and not_before > cast($longest as timestamp))))
    or (state = 'running' and (lease_until <= cast($now as timestamp) or lease_until > cast($longest as timestamp)))
order by not_before, made_at, id limit 1;

-- name: lease
update tasks set state = 'running', attempt = attempt + 1, lease_until = $lease_until
where id = $id and state = $state and attempt = $attempt;

-- name: end
update tasks set state = $state, ended_at = $now, lease_until = null, result = $result
where id = $id and state = 'running' and attempt = $attempt;

-- name: again
update tasks set state = 'waiting', not_before = $not_before, lease_until = null, result = $result
where id = $id and state = 'running' and attempt = $attempt;

-- name: forget_ended
delete from tasks where ended_at < cast($before as timestamp);

-- name: failing
-- A mail that was refused is trouble until its link is sent anew, shown, revoked or over, also where one try told it.
select t.request_id, r.reference, r.case_ref, t.kind, case when t.state = 'waiting' then t.state else 'failed' end as state, t.attempt
from tasks t left join requests r on r.id = t.request_id
where (t.state = 'waiting' and t.attempt > 0)
    or (t.kind <> 'link.mail' and t.state = 'failed' and (r.id is null or r.state <> 'closed'))
    or (t.kind = 'link.mail' and t.state in ('done', 'failed') and r.state <> 'closed' and exists (
        select 1 from ways_out w where w.mail_id = t.object_id and w.mail_state = 'refused' and w.state = 'waiting'
            and w.shown_at is null))
order by t.made_at desc limit 50;
