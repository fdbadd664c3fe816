-- Holds: set by one, released by two, and asked about before anything is deleted.

-- name: add
insert into holds (id, level, reason, category, subject_ref, case_ref, words, set_by, set_at, review_on, version)
values ($id, $level, $reason, $category, $subject_ref, $case_ref, $words, $set_by, $set_at, $review_on, 1);

-- name: one
select id, level, reason, category, subject_ref, case_ref, words, set_by, set_at, review_on, release_asked_by,
    release_roles, release_asked_at, release_words, released_by, released_at, version
from holds where id = $id;

-- name: standing
-- All that stand on any of these people or on everybody; few rows, looked through by the rule.
select level, reason, category, subject_ref, case_ref, set_by, set_at, review_on
from holds
where released_at is null
    and (level = 'category' or subject_ref in (select unnest(cast($subjects as varchar[]))) or case_ref = $case_ref)
order by set_at, id;

-- name: all_open
select h.id, h.level, h.reason, h.category, h.subject_ref, h.case_ref, c.reference, h.words, h.set_by, h.set_at, h.review_on,
    h.release_asked_by, h.release_roles, h.release_asked_at, h.version, a.name as set_name
from holds h left join cases c on c.case_ref = h.case_ref left join accounts a on a.id = h.set_by
where h.released_at is null order by h.set_at, h.id;

-- name: ask_release
update holds set release_asked_by = $account_id, release_roles = $roles, release_asked_at = $now, release_words = $words,
    version = version + 1
where id = $id and version = $version and released_at is null;

-- name: release
update holds set released_by = $account_id, released_at = $now, version = version + 1
where id = $id and version = $version and released_at is null;
