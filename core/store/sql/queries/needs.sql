-- Requests with a path of their own: what was recorded for each need, the authority's day, silence, who edited a letter.

-- part: open_inquiry
n.need = 'linked' and r.kind = 'authority_inquiry' and r.state <> 'closed'
    and n.version = (select max(l.version) from needs_met l where l.request_id = n.request_id and l.need = 'linked')

-- name: record
insert into needs_met (id, request_id, case_ref, need, outcome, about_case, day, answer, recorded_by, recorded_at, version)
values ($id, $request_id, $case_ref, $need, $outcome, $about_case, $day, $answer, $recorded_by, $recorded_at, $version);

-- name: of_request
select id, case_ref, need, outcome, about_case, day, answer, recorded_by, recorded_at from needs_met
where request_id = $request_id order by version, recorded_at, id;

-- name: name_day
insert into named_days (id, request_id, case_ref, day, named_at) values ($id, $request_id, $case_ref, $day, $named_at);

-- name: forget_day
delete from named_days where request_id = $request_id;

-- name: named_day
select day from named_days where request_id = $request_id order by named_at desc, id desc limit 1;

-- name: took_part
-- Whoever handled, decided or approved a matter before: owned, moved, prepared, approved, checked, weighed or wrote for it.
-- Where the matter is in the same case, the request itself that looks at it again is left out.
select owner_id as account_id from requests where case_ref = $case_ref and id <> $request_id
union select prepared_by from requests where case_ref = $case_ref and id <> $request_id
union select approver_id from requests where case_ref = $case_ref and id <> $request_id
union select m.account_id from request_moves m join requests r on r.id = m.request_id
    where r.case_ref = $case_ref and r.id <> $request_id
union select decided_by from approvals where case_ref = $case_ref and request_id <> $request_id
union select made_by from plans where case_ref = $case_ref and request_id <> $request_id
union select recorded_by from needs_met where case_ref = $case_ref and request_id <> $request_id
union select drafted_by from letters where case_ref = $case_ref and coalesce(request_id, '') <> $request_id
union select checked_by from identity_checks where case_ref = $case_ref
    and case_ref <> (select case_ref from requests where id = $request_id);

-- name: holding
-- Open inquiries of an authority that name a case: while there is one, nothing of the case is deleted.
select r.id, r.reference, r.case_ref from needs_met n join requests r on r.id = n.request_id
where n.about_case = $case_ref and {open_inquiry} order by r.reference;

-- name: holding_person
-- Of one that is sealed to named people, that it is there, and no reference.
select distinct case when i.sealed_to_names then 'a sealed case' else r.reference end as reference
from needs_met n join requests r on r.id = n.request_id join cases c on c.case_ref = n.about_case
    join cases i on i.case_ref = r.case_ref
where c.subject_ref = $subject and {open_inquiry} order by reference;

-- name: keep_silence
insert into silences (id, request_id, case_ref, look_on, open_ended) values ($id, $request_id, $case_ref, $look_on, $open_ended);

-- name: end_silence
update silences set ended_at = $now where request_id = $request_id and ended_at is null;

-- name: silence
select id, look_on, open_ended, disclosure_id from silences where request_id = $request_id and ended_at is null;

-- name: name_disclosure
update silences set disclosure_id = $disclosure_id where request_id = $request_id and ended_at is null;

-- name: silences_due
select s.request_id, r.reference, r.case_ref, s.look_on, s.open_ended from silences s join requests r on r.id = s.request_id
where s.ended_at is null and s.look_on <= cast($today as date) order by s.look_on, r.reference;

-- name: silent_cases
select s.case_ref from silences s join cases c on c.case_ref = s.case_ref
where c.subject_ref = $subject and s.ended_at is null;

-- name: edited
insert into letter_editors (letter_id, case_ref, account_id) values ($letter_id, $case_ref, $account_id);

-- name: forget_editors
delete from letter_editors where letter_id = $letter_id;

-- name: add_all_needs_met
insert into needs_met (
    id, request_id, case_ref, need, outcome, about_case, day, answer, recorded_by, recorded_at, version
)
select id, request_id, case_ref, need, outcome, about_case, day, answer, recorded_by, recorded_at, version
from incoming;

-- name: add_all_named_days
insert into named_days (
    id, request_id, case_ref, day, named_at
)
select id, request_id, case_ref, day, named_at
from incoming;
