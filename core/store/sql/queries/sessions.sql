-- Sessions of signed-in people, and the failures that slow a guesser down.

-- name: add
insert into sessions (session_hash, account_id, sign_in_ref, started_at, seen_at, ends_at)
values ($session_hash, $account_id, $sign_in_ref, $now, $now, $ends_at);

-- name: open
select s.account_id, s.sign_in_ref, s.started_at, s.seen_at, s.stepped_up_until, s.stepped_up_for, a.actor_ref, a.name
from sessions s join accounts a on a.id = s.account_id
where s.session_hash = $session_hash and s.ended_at is null and $now < s.ends_at and a.disabled_at is null;

-- name: seen
update sessions set seen_at = $now where session_hash = $session_hash and ended_at is null and seen_at < $now;

-- name: end
update sessions set ended_at = $now where session_hash = $session_hash and ended_at is null;

-- name: end_all
update sessions set ended_at = $now where account_id = $account_id and ended_at is null;

-- name: live
select count(*) as sessions from sessions
where account_id = $account_id and ended_at is null and $now < ends_at and seen_at > $idle_since;

-- name: step_up
update sessions set stepped_up_until = $until, stepped_up_for = $bound
where session_hash = $session_hash and ended_at is null;

-- name: use_step_up
update sessions set stepped_up_until = null, stepped_up_for = null
where session_hash = $session_hash and stepped_up_for = $bound and stepped_up_until >= $now and ended_at is null;

-- name: failures
select count(*) as failures, max(failed_at) as last_at from sign_in_failures
where source = $source and failed_at > $since and failed_at <= $latest;

-- name: add_failure
insert into sign_in_failures (id, source, failed_at) values ($id, $source, $now);

-- name: forget_attempt
delete from sign_in_failures where id = $id;

-- name: forget_source
delete from sign_in_failures where source = $source;

-- name: forget_oldest
delete from sign_in_failures where source = $source
and id in (select id from sign_in_failures where source = $source order by failed_at, id limit $most);

-- name: forget_old
delete from sign_in_failures where failed_at <= $since or failed_at > $latest;

-- name: end_everyones
update sessions set ended_at = cast($now as timestamp) where ended_at is null;
