-- The one door: what keeps a person from a thing, who was asked, and who worked on a case.

-- name: close_people
-- The person's own file and those of whoever is close to them.
select subject_ref from account_people where account_id = $account_id;

-- name: named
select account_id from case_named where case_ref = $case_ref and account_id = $account_id;

-- name: sealed_about
-- Sealed cases about a data subject: they bar whoever opens the person as such, from whichever case.
select case_ref, sealed_to_names from cases where sealed_to_names and subject_ref = $subject;

-- name: barred_from
-- Every case that this person may not know of: sealed to others, or about themselves or somebody close to them.
select c.case_ref from cases c where barred_from(c.case_ref, c.sealed_to_names, c.subject_ref, $account_id);

-- name: asked_of
-- `accounts` are the person, and those who are away and for whom they stand in.
select id from approvals
where case_ref = $case_ref and (decided_by = $account_id or approver_id in (select unnest(cast($accounts as varchar[])))
    or deputy_id in (select unnest(cast($accounts as varchar[]))));

-- name: workers
-- Everybody who worked on a request or its case, and how; who asked or decided as a second person is not among them.
select taken_in_by as account_id, 'taken_in' as how from cases where case_ref = $case_ref
union
select entered_by, 'taken_in' from messages where case_ref = $case_ref
union
select owner_id, 'handled' from requests where id = $request_id and owner_id is not null
union
select prepared_by, 'prepared' from requests where id = $request_id and prepared_by is not null
union
select made_by, 'prepared' from plans where request_id = $request_id
union
select chosen_by, 'prepared' from plan_terms where request_id = $request_id
union
select prepared_by, 'prepared' from extensions where request_id = $request_id
union
select prepared_by, 'prepared' from fees where request_id = $request_id
union
select proposed_by, 'prepared' from rectifications where request_id = $request_id
union
select checked_by, 'identity' from identity_checks where case_ref = $case_ref
union
select recorded_by, 'identity' from rectification_proofs where request_id = $request_id
union
select identity_by, 'identity' from representatives where case_ref = $case_ref and identity_by is not null
union
select account_id, 'person' from case_deciders where case_ref = $case_ref
union
select added_by, 'address' from reply_addresses where case_ref = $case_ref and added_by is not null
union
select added_by, 'authority' from representatives where case_ref = $case_ref
union
select checked_by, 'authority' from representatives where case_ref = $case_ref and checked_by is not null
union
select drafted_by, 'letter' from letters where request_id = $request_id
union
select e.account_id, 'letter' from letter_editors e join letters l on l.id = e.letter_id where l.request_id = $request_id
union
select recorded_by, 'recorded' from needs_met where request_id = $request_id
union
select recorded_by, 'recorded' from restriction_terms where request_id = $request_id
union
select answered_by, 'recorded' from raised_questions where request_id = $request_id and answered_by is not null
union
select recorded_by, 'recorded' from children where case_ref = $case_ref
union
select recorded_by, 'recorded' from deaths where case_ref = $case_ref
union
select answered_by, 'recorded' from owner_tasks where case_ref = $case_ref and answered_by is not null;
