-- Cases, their requests and what belongs to them.

-- name: barred
select c.case_ref from cases c
where c.case_ref = $case_ref and barred_from(c.case_ref, c.sealed_to_names, c.subject_ref, $account_id);

-- name: add
insert into cases (case_ref, reference, created_at, received_at, channel, taken_in_by, subject_ref, subject_state,
    person, identity_state, sealed_to_names, version)
values ($case_ref, $reference, $created_at, $received_at, $channel, $taken_in_by, null, $subject_state,
    $person, $identity_state, false, 1);

-- name: one
select case_ref, reference, created_at, received_at, channel, taken_in_by, subject_ref, subject_state, person,
    identity_state, sealed_to_names, version
from cases where case_ref = $case_ref;

-- name: last_number
select last_number from case_numbers where year = $year;

-- name: first_number
insert into case_numbers (year, last_number) values ($year, $last_number);

-- name: keep_number
update case_numbers set last_number = $last_number where year = $year;

-- name: add_identifier
insert into case_identifiers (case_ref, h) values ($case_ref, $h);

-- name: sharing
select distinct i.case_ref from case_identifiers i
join requests r on r.case_ref = i.case_ref
where i.h = $h and r.state <> 'closed';

-- name: add_address
insert into reply_addresses (id, case_ref, kind, standing, address, added_at, added_by)
values ($id, $case_ref, $kind, $standing, $address, $added_at, $added_by);

-- name: add_message
insert into messages (
    id, case_ref, direction, channel, received_at, entered_at, entered_by, sender, subject, body, sent_at, arrived_at, within,
    remarks
) values (
    $id, $case_ref, $direction, $channel, $received_at, $entered_at, $entered_by, $sender, $subject, $body, $sent_at,
    $arrived_at, $within, $remarks
);

-- name: add_attachment
insert into attachments (id, case_ref, message_id, media_type, size_bytes, name, content, original)
values ($id, $case_ref, $message_id, $media_type, $size_bytes, $name, $content, $original);

-- name: messages
select id, direction, channel, received_at, entered_at, entered_by, sender, subject, body, sent_at, arrived_at, within,
    remarks
from messages where case_ref = $case_ref order by received_at, id;

-- name: attachments
select id, message_id, media_type, size_bytes, name, original from attachments where case_ref = $case_ref order by id;

-- name: attachment
select id, case_ref, media_type, name, content, original from attachments where id = $id;

-- name: add_message_right
insert into message_rights (message_id, case_ref, request_id, kind, opened, stopped)
values ($message_id, $case_ref, $request_id, $kind, $opened, $stopped);

-- name: message_rights
select t.message_id, t.request_id, t.kind, t.opened, t.stopped, r.reference, m.channel
from message_rights t join requests r on r.id = t.request_id join messages m on m.id = t.message_id
where t.case_ref = $case_ref order by r.reference, t.message_id;

-- name: known_here
select h from case_identifiers where case_ref = $case_ref and h in (select unnest(cast($hashes as blob[])));

-- name: touch
update cases set version = version + 1 where case_ref = $case_ref;

-- name: add_note
insert into notes (id, case_ref, written_at, written_by, body)
values ($id, $case_ref, $written_at, $written_by, $body);

-- name: notes
select id, written_at, written_by, body from notes where case_ref = $case_ref order by id;

-- name: decide_person
update cases set subject_ref = $subject_ref, subject_state = $subject_state, version = version + 1
where case_ref = $case_ref and version = $version;

-- name: set_identity
update cases set identity_state = $identity_state, version = version + 1 where case_ref = $case_ref;

-- name: add_identity_check
insert into identity_checks (id, case_ref, checked_at, checked_by, proofs, outcome, reason, data)
values ($id, $case_ref, $checked_at, $checked_by, $proofs, $outcome, $reason, $data);

-- name: identity_checks
select id, checked_at, checked_by, proofs, outcome, reason, data from identity_checks
where case_ref = $case_ref order by id;

-- name: seal
update cases set sealed_to_names = true, version = version + 1 where case_ref = $case_ref;

-- name: name_person
insert into case_named (case_ref, account_id) values ($case_ref, $account_id);

-- name: forget_named
delete from case_named where case_ref = $case_ref;

-- name: keep_draft
insert into drafts (account_id, form, case_ref, kept_at, body) values ($account_id, $form, $case_ref, $kept_at, $body);

-- name: forget_draft
delete from drafts where account_id = $account_id and form = $form;

-- name: draft
select case_ref, kept_at, body from drafts where account_id = $account_id and form = $form;

-- name: by_reference
select case_ref from cases where reference = $reference;

-- name: keep_decider
insert into case_deciders (case_ref, account_id, decided_at) values ($case_ref, $account_id, $now);

-- name: add_all
insert into cases (
    case_ref, reference, created_at, received_at, channel, taken_in_by, subject_ref, subject_state, person,
    identity_state, sealed_to_names, version
)
select case_ref, reference, created_at, received_at, channel, taken_in_by, subject_ref, subject_state, person,
    identity_state, sealed_to_names, version
from incoming;

-- name: add_all_case_identifiers
insert into case_identifiers (
    case_ref, h
)
select case_ref, h
from incoming;

-- name: add_all_case_deciders
insert into case_deciders (
    case_ref, account_id, decided_at
)
select case_ref, account_id, decided_at
from incoming;

-- name: add_all_reply_addresses
insert into reply_addresses (
    id, case_ref, kind, standing, address, added_at, added_by
)
select id, case_ref, kind, standing, address, added_at, added_by
from incoming;

-- name: add_all_messages
insert into messages (
    id, case_ref, direction, channel, received_at, entered_at, entered_by, sender, subject, body
)
select id, case_ref, direction, channel, received_at, entered_at, entered_by, sender, subject, body
from incoming;

-- name: add_all_message_rights
insert into message_rights (
    message_id, case_ref, request_id, kind, opened, stopped
)
select message_id, case_ref, request_id, kind, opened, stopped
from incoming;

-- name: add_all_identity_checks
insert into identity_checks (
    id, case_ref, checked_at, checked_by, proofs, outcome, reason, data
)
select id, case_ref, checked_at, checked_by, proofs, outcome, reason, data
from incoming;

-- name: add_all_numbers
insert into case_numbers (year, last_number) select year, last_number from incoming;
