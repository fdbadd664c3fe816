-- Erasure: whether anything is left, the certificates, and what has ended.

-- name: hashes_left
select count(*) as hashes from identifiers where subject_ref = $subject;

-- name: sealed_left
select
    (select count(*) from profiles where subject_ref = $subject and source_texts is not null)
    + (select count(*) from events where subject_ref = $subject and detail is not null) as texts;

-- name: certificate
select l.id, l.kind, l.address_id, l.drafted_at, l.sent_at from letters l
where l.request_id = $request_id and l.kind = $kind order by l.drafted_at desc, l.id desc;

-- name: ended
select id, subject_ref, plan_id, ended_at from carryings
where system = 'local' and verb = 'erase' and state = 'done'
    and (cast($subject as varchar) is null or subject_ref = cast($subject as varchar))
order by ended_at, id;
