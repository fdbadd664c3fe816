-- Columns emptied in rows that a ground of the law keeps after an erasure.

-- name: profiles_birth_date
update profiles set birth_date = null where subject_ref = $subject;

-- name: profiles_language
update profiles set language = null where subject_ref = $subject;

-- name: profiles_source_texts
update profiles set source_texts = null where subject_ref = $subject;

-- name: events_channel
update events set channel = null where subject_ref = $subject;

-- name: events_detail
update events set detail = null where subject_ref = $subject;

-- name: consents_source
update consents set source = null where subject_ref = $subject;
