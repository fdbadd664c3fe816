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

-- name: told_of_end
select max(sent_at) as sent_at from letters
where request_id = $request_id and kind = 'restriction_ends' and sent_at is not null and came_back_at is null;

-- name: wish
select happened_on, recorded_at from erasure_wishes where request_id = $request_id order by recorded_at desc, id desc limit 1;

-- name: keep_wish
insert into erasure_wishes (id, request_id, case_ref, happened_on, words, recorded_by, recorded_at)
values ($id, $request_id, $case_ref, $happened_on, $words, $account_id, $now);
