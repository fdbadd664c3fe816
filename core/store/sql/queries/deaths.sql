-- Deaths on record, by case and, once decided, by person.

-- name: add
insert into deaths (id, case_ref, subject_ref, died_on, source, recorded_at, recorded_by)
values ($id, $case_ref, $subject_ref, $died_on, $source, $now, $account_id);

-- name: standing
select id, case_ref, subject_ref, died_on, source, recorded_at, recorded_by
from deaths
where ended_at is null and (case_ref = $case_ref or subject_ref = cast($subject_ref as varchar))
order by recorded_at, id;

-- name: name_subject
update deaths set subject_ref = $subject_ref where case_ref = $case_ref and ended_at is null;

-- name: end
update deaths set ended_at = $now, ended_by = $account_id, words = $words where id = $id and ended_at is null;
