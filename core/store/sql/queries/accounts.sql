-- Accounts, roles, sessions.

-- name: related
select subject_ref from account_people where account_id = $account_id and subject_ref = $subject_ref;
