-- Cases, their requests and what belongs to them.

-- name: barred
select c.case_ref from cases c
where c.case_ref = $case_ref and (
    (c.sealed_to_names and not exists (
        select 1 from case_named n where n.case_ref = c.case_ref and n.account_id = $account_id))
    or (c.subject_ref is not null and exists (
        select 1 from account_people p where p.account_id = $account_id and p.subject_ref = c.subject_ref)));
