-- How many facts were compared in a case; neither the facts nor what was held.

-- name: counted
select facts from told_facts where case_ref = $case_ref;

-- name: first
insert into told_facts (case_ref, facts) values ($case_ref, $facts);

-- name: keep
update told_facts set facts = $facts where case_ref = $case_ref;
