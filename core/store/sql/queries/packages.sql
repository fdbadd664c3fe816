-- Packages: sealed bytes that are built once, released once, fetched once.

-- name: add
insert into packages (id, request_id, case_ref, plan_id, subject_ref, state, version, look_ups)
values ($id, $request_id, $case_ref, $plan_id, $subject_ref, 'waiting', 1, $look_ups);

-- name: one
select id, request_id, case_ref, plan_id, subject_ref, state, built_at, expires_at, sha256, size_bytes, counts,
    fetched_at, fetched_by, version, look_ups
from packages where id = $id;

-- name: shown
select p.id, p.state, p.built_at, p.expires_at, p.sha256, p.size_bytes, p.counts, p.fetched_at, p.look_ups,
    exists (select 1 from tasks t where t.object_id = p.id and t.kind = 'package.build' and t.state = 'running') as busy
from packages p join requests r on r.package_id = p.id where r.id = $request_id;

-- name: content
select content from packages where id = $id;

-- name: built
update packages set state = 'built', built_at = $built_at, sha256 = $sha256, size_bytes = $size_bytes,
    counts = $counts, content = $content, version = version + 1
where id = $id and state = 'waiting' and version = $version;

-- name: released
update packages set state = 'released', expires_at = $expires_at, version = version + 1
where id = $id and state = 'built' and version = $version;

-- name: fetched
update packages set state = 'fetched', fetched_at = $fetched_at, fetched_by = $fetched_by, left_by = $left_by,
    content = null, version = version + 1
where id = $id and state = 'released' and version = $version;

-- name: ended
update packages set state = $state, content = null, version = version + 1
where id = $id and state in ('waiting', 'built', 'released') and version = $version;

-- name: end_of_subject
update packages set state = case when state = 'fetched' then state else 'expired' end, content = null,
    version = version + 1
where subject_ref = $subject and content is not null;

-- name: earlier
select id, version from packages
where request_id = $request_id and state in ('waiting', 'built', 'released');

-- name: due_to_expire
select p.id, p.request_id, p.case_ref, p.subject_ref, p.version
from packages p join requests r on r.id = p.request_id
where p.state in ('waiting', 'built', 'released')
    and (r.state = 'closed' or p.expires_at <= cast($now as timestamp) or p.built_at <= cast($oldest as timestamp))
order by p.id;

-- name: listed
-- Cases that are barred to the person who looks are left out. `way` is what it left by, or the way it is open by, or a
-- way of it that was revoked: one filter for the three.
select p.id, p.request_id, r.reference, r.kind, p.state, p.size_bytes, p.counts, p.built_at, p.expires_at, p.fetched_at,
    p.fetched_by, p.left_by, count(*) over () as total
from packages p join requests r on r.id = p.request_id join cases c on c.case_ref = p.case_ref
where (cast($state as varchar) is null or p.state = cast($state as varchar))
    and (cast($kind as varchar) is null or r.kind = cast($kind as varchar))
    and (cast($way as varchar) is null or p.left_by = cast($way as varchar)
        or (cast($way as varchar) = 'open' and p.state = 'released' and exists (
            select 1 from ways_out w where w.package_id = p.id and w.state = 'waiting'
                and w.expires_at > cast($now as timestamp)))
        or (cast($way as varchar) = 'revoked' and exists (
            select 1 from ways_out w where w.package_id = p.id and w.end_reason = 'revoked')))
    and (cast($reference as varchar) is null or strpos(r.reference, cast($reference as varchar)) > 0)
    and not barred_from(c.case_ref, c.sealed_to_names, c.subject_ref, cast($account_id as varchar))
order by p.id desc
limit $size offset $first;

-- name: ways
select w.id, w.package_id, w.way, w.state, w.end_reason, w.made_at, w.made_by, w.expires_at, w.ended_at, w.channel,
    w.secret_channel, w.passed_at, w.passed_by, w.fetched_at, w.mail_state, p.state as package_state
from ways_out w join packages p on p.id = w.package_id
where w.package_id in (select unnest(cast($packages as varchar[]))) order by w.made_at desc, w.id desc;

-- name: add_all
insert into packages (
    id, request_id, case_ref, plan_id, subject_ref, state, built_at, expires_at, sha256, size_bytes, counts,
    fetched_at, fetched_by, version, left_by, look_ups
)
select id, request_id, case_ref, plan_id, subject_ref, state, built_at, expires_at, sha256, size_bytes, counts,
    fetched_at, fetched_by, version, left_by, look_ups
from incoming;
