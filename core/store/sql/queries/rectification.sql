-- Corrections of a request, what proves them, what follows from them, and the notices to recipients.

-- name: add
insert into rectifications (id, request_id, case_ref, subject_ref, system, field, finding, state, rekeys, held_by_other,
    old_value, new_value, reason, proposed_by, proposed_at, version)
values ($id, $request_id, $case_ref, $subject, $system, $field, $finding, 'proposed', $rekeys, $held_by_other,
    $old_value, $new_value, $reason, $account_id, $now, 1);

-- name: of_request
select id, request_id, case_ref, subject_ref, system, field, finding, state, rekeys, held_by_other, old_value,
    new_value, reason, proposed_by, proposed_at, decided_by, decided_at, carried_at, version
from rectifications where request_id = $request_id and state <> 'withdrawn' order by field, system, id;

-- name: one
select id, request_id, case_ref, subject_ref, system, field, finding, state, rekeys, held_by_other, proposed_by, version
from rectifications where id = $id;

-- name: withdraw
update rectifications set state = 'withdrawn', version = version + 1
where id = $id and version = $version and state = 'proposed';

-- name: decide_shared
update rectifications set held_by_other = 'shared', decided_by = $account_id, decided_at = $now, version = version + 1
where id = $id and version = $version and held_by_other = 'waits';

-- name: carried
update rectifications set state = 'done', carried_at = $now, version = version + 1 where id = $id and state <> 'withdrawn';

-- name: rekeyed_since
select r.field, r.carried_at, r.request_id from rectifications r
where r.subject_ref = $subject and r.rekeys and r.state = 'done' and r.carried_at >= cast($since as timestamp)
order by r.carried_at desc, r.field;

-- name: prove
insert into rectification_proofs (id, request_id, case_ref, proofs, words, recorded_by, recorded_at)
values ($id, $request_id, $case_ref, $proofs, $words, $account_id, $now);

-- name: proofs
select id, case_ref, proofs, words, recorded_by, recorded_at from rectification_proofs
where request_id = $request_id order by recorded_at, id;

-- name: expect_notice
insert into old_address_notices (id, request_id, case_ref, letter_id, version)
values ($id, $request_id, $case_ref, $letter_id, 1);

-- name: old_notice
select n.id, n.case_ref, n.letter_id, n.reason, n.reasoned_by, n.reasoned_at, n.version, l.sent_at
from old_address_notices n left join letters l on l.id = n.letter_id where n.request_id = $request_id;

-- name: reason_notice
update old_address_notices set reason = $reason, reasoned_by = $account_id, reasoned_at = $now, version = version + 1
where id = $id and version = $version and reason is null;

-- name: flag
insert into consent_flags (id, subject_ref, case_ref, consent_id, age_limit, flagged_at)
values ($id, $subject, $case_ref, $consent_id, $age_limit, $now);

-- name: flags
select f.id, f.consent_id, f.age_limit, f.flagged_at, c.purpose, c.channel, c.given, c.happened_at
from consent_flags f join consents c on c.id = f.consent_id and c.subject_ref = f.subject_ref
where f.subject_ref = $subject order by c.happened_at, f.id;

-- name: propose_notice
insert into recipient_notices (id, request_id, case_ref, subject_ref, recipient, categories, change, state, proposed_at,
    version)
values ($id, $request_id, $case_ref, $subject, $recipient, $categories, $change, 'to_send', $now, 1);

-- name: notices
select id, request_id, case_ref, subject_ref, recipient, categories, change, state, letter_id, reason, proposed_at,
    sent_at, answered_at, version
from recipient_notices where request_id = $request_id order by recipient, id;

-- name: notice
select id, request_id, case_ref, subject_ref, recipient, categories, change, state, letter_id, version
from recipient_notices where id = $id;

-- name: notice_letter
select recipient, categories, change from recipient_notices where letter_id = $letter_id;

-- name: attach_letter
update recipient_notices set letter_id = $letter_id, version = version + 1 where id = $id and version = $version;

-- name: move_notice
update recipient_notices set state = $state, changed_by = $account_id,
    reason = case when $state = 'answered' then reason else $reason end,
    sent_at = case when $state = 'sent' then cast($now as timestamp) else sent_at end,
    answered_at = case when $state = 'answered' then cast($now as timestamp) else answered_at end,
    version = version + 1
where id = $id and version = $version;

-- name: letter_sent
select id from letters where request_id = $request_id and kind = $kind and sent_at is not null;
