-- Packages: sealed bytes that are built once, released once, fetched once.

-- name: add
insert into packages (id, request_id, case_ref, plan_id, subject_ref, state, version)
values ($id, $request_id, $case_ref, $plan_id, $subject_ref, 'waiting', 1);

-- name: one
select id, request_id, case_ref, plan_id, subject_ref, state, built_at, expires_at, sha256, size_bytes, counts,
    fetched_at, fetched_by, version
from packages where id = $id;

-- name: shown
select p.id, p.state, p.built_at, p.expires_at, p.sha256, p.size_bytes, p.counts, p.fetched_at,
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
update packages set state = 'fetched', fetched_at = $fetched_at, fetched_by = $fetched_by, content = null,
    version = version + 1
where id = $id and state = 'released' and version = $version;

-- name: ended
update packages set state = $state, content = null, version = version + 1
where id = $id and state in ('waiting', 'built', 'released') and version = $version;

-- name: earlier
select id, version from packages
where request_id = $request_id and state in ('waiting', 'built', 'released');

-- name: due_to_expire
select p.id, p.request_id, p.case_ref, p.subject_ref, p.version
from packages p join requests r on r.id = p.request_id
where p.state in ('waiting', 'built', 'released')
    and (r.state = 'closed' or p.expires_at <= cast($now as timestamp) or p.built_at <= cast($oldest as timestamp))
order by p.id;
