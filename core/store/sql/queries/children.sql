-- A child for whom a parent asks: one row a case.

-- name: of_case
select case_ref, born, parent, own_view, conflict, contact_ban, in_confidence, recorded_at, recorded_by, version
from children where case_ref = $case_ref;

-- name: first
insert into children (case_ref, born, parent, own_view, conflict, contact_ban, in_confidence, recorded_at, recorded_by,
    version)
values ($case_ref, $born, $parent, $own_view, $conflict, $contact_ban, $in_confidence, $now, $account_id, 1);

-- name: keep
update children set born = $born, parent = $parent, own_view = $own_view, conflict = $conflict,
    contact_ban = $contact_ban, in_confidence = $in_confidence, recorded_at = $now, recorded_by = $account_id,
    version = version + 1
where case_ref = $case_ref and version = $version;
