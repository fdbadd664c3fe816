-- Proof documents: kept for one checker, emptied when the outcome is recorded or their time is over.

-- name: add_document
insert into identity_documents (id, case_ref, representative_id, proves, key_ref, media_type, size_bytes, content,
    checker_id, added_at, added_by)
values ($id, $case_ref, $representative_id, $proves, $key_ref, $media_type, $size_bytes, $content, $checker_id,
    $added_at, $added_by);

-- name: document
select id, case_ref, representative_id, proves, key_ref, media_type, size_bytes, content, checker_id, added_at, added_by,
    ended_at, end_reason
from identity_documents where id = $id;

-- name: documents
select id, representative_id, proves, key_ref, media_type, size_bytes, checker_id, added_at, added_by, ended_at, end_reason
from identity_documents where case_ref = $case_ref order by id;

-- name: end_document
update identity_documents set content = null, ended_at = $now, end_reason = $reason
where id = $id and ended_at is null;

-- name: due_documents
select d.id, d.case_ref, d.key_ref from identity_documents d
where d.ended_at is null and (d.added_at <= $oldest or not exists (
    select 1 from requests r where r.case_ref = d.case_ref and r.state <> 'closed'))
order by d.id;

-- name: ended_documents
select key_ref from identity_documents where ended_at is not null;
