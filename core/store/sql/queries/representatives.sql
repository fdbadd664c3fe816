-- Who acts for the person of a case, one at a time.

-- part: columns
id, case_ref, capacity, named, account_id, rights, since, until, answers_to_representative, ruled_out,
    identity_state, identity_proofs, identity_by, identity_at, outcome, checked_by, checked_on, words, revoked_on,
    ended_at, ended_by, end_reason, added_at, added_by, version

-- name: add
insert into representatives (id, case_ref, capacity, named, account_id, rights, since, until, answers_to_representative,
    ruled_out, identity_state, outcome, added_at, added_by, version)
values ($id, $case_ref, $capacity, $named, $account_id, $rights, $since, $until, $answers_to_representative,
    false, 'open', 'open', $added_at, $added_by, 1);

-- name: one
select {columns} from representatives where id = $id;

-- name: of_case
select {columns} from representatives where case_ref = $case_ref order by id;

-- name: set_identity
update representatives set identity_state = $state, identity_proofs = $proofs, identity_by = $account_id,
    identity_at = $now, version = version + 1
where id = $id and version = $version;

-- name: check_authority
update representatives set outcome = $outcome, rights = $rights, since = $since, until = $until,
    answers_to_representative = $answers_to_representative, ruled_out = $ruled_out, checked_by = $account_id,
    checked_on = $today, words = $words, version = version + 1
where id = $id and version = $version;

-- name: end
update representatives set revoked_on = $revoked_on, ended_at = $now, ended_by = $account_id, end_reason = $reason,
    version = version + 1
where id = $id and version = $version and ended_at is null;
