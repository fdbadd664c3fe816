-- What the desk itself holds about a person: dates and kinds of earlier cases, and their own messages.

-- name: cases
select subject_ref, case_ref, reference, created_at, received_at, channel, identity_state
from cases where subject_ref = $subject order by received_at, case_ref;

-- name: requests
select c.subject_ref, c.case_ref, r.reference, r.kind, r.state, r.closing, r.received_at, r.sent_at, r.closed_at
from requests r join cases c on c.case_ref = r.case_ref
where c.subject_ref = $subject order by r.received_at, r.reference;

-- name: messages
select c.subject_ref, c.case_ref, m.id, m.direction, m.channel, m.received_at, m.sender, m.subject, m.body
from messages m join cases c on c.case_ref = m.case_ref
where c.subject_ref = $subject and m.direction = 'in' order by m.received_at, m.id;

-- name: attachments
select c.subject_ref, c.case_ref, a.id, a.message_id, a.media_type, a.size_bytes, a.name
from attachments a join cases c on c.case_ref = a.case_ref
where c.subject_ref = $subject order by a.message_id, a.id;

-- name: letters
select c.subject_ref, c.case_ref, l.kind, l.language, l.drafted_at, l.sent_at, l.sent_channel, l.came_back_at
from letters l join cases c on c.case_ref = l.case_ref
where c.subject_ref = $subject order by l.drafted_at, l.id;

-- name: notes
select c.subject_ref, c.case_ref, n.written_at
from notes n join cases c on c.case_ref = n.case_ref
where c.subject_ref = $subject order by n.written_at, n.id;

-- name: identity_checks
select c.subject_ref, c.case_ref, i.checked_at, i.proofs, i.outcome
from identity_checks i join cases c on c.case_ref = i.case_ref
where c.subject_ref = $subject order by i.checked_at, i.id;

-- name: reply_addresses
select c.subject_ref, c.case_ref, a.id, a.kind, a.standing, a.address, a.added_at
from reply_addresses a join cases c on c.case_ref = a.case_ref
where c.subject_ref = $subject order by a.added_at, a.id;

-- name: restrictions
select subject_ref, system, ground, placed_at, lifted_at
from restrictions where subject_ref = $subject order by placed_at, id;

-- name: disclosure_log
select id, subject_ref, recipient, categories, disclosed_at, basis, act, source
from disclosure_log where subject_ref = $subject order by disclosed_at, id;

-- name: disclose
insert into disclosure_log (id, subject_ref, recipient, categories, disclosed_at, basis, act, source)
values ($id, $subject, $recipient, $categories, $disclosed_at, $basis, $act, $source);
