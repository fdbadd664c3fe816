-- What the desk itself holds about a person: dates and kinds of earlier cases, and their own messages.

-- name: cases
select subject_ref, case_ref, reference, created_at, received_at, channel, identity_state
from cases where subject_ref = $subject order by received_at, case_ref;

-- name: requests
select c.subject_ref, c.case_ref, r.reference, r.kind, r.state, r.closing, r.received_at, r.sent_at, r.closed_at
from requests r join cases c on c.case_ref = r.case_ref
where c.subject_ref = $subject order by r.received_at, r.reference;

-- name: messages
select c.subject_ref, c.case_ref, m.id, m.direction, m.channel, m.received_at, m.sent_at, m.arrived_at, m.within, m.sender,
    m.subject, m.body
from messages m join cases c on c.case_ref = m.case_ref
where c.subject_ref = $subject and m.direction = 'in' order by m.received_at, m.id;

-- name: attachments
select c.subject_ref, c.case_ref, a.id, a.message_id, a.media_type, a.size_bytes, a.name, a.original
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
select c.subject_ref, c.case_ref, i.checked_at, i.proofs, i.outcome, i.data
from identity_checks i join cases c on c.case_ref = i.case_ref
where c.subject_ref = $subject order by i.checked_at, i.id;

-- name: reply_addresses
select c.subject_ref, c.case_ref, a.id, a.kind, a.standing, a.address, a.added_at
from reply_addresses a join cases c on c.case_ref = a.case_ref
where c.subject_ref = $subject order by a.added_at, a.id;

-- name: restrictions
select subject_ref, system, ground, placed_at, lifted_at
from restrictions where subject_ref = $subject order by placed_at, id;

-- name: suppressions
select subject_ref, case_ref, state, kind, purpose, channel, ground, started_at, review_on, ended_at, end_ground
from suppressions where subject_ref = $subject order by started_at, id;

-- name: restriction_lifts
select subject_ref, case_ref, ground, proposed_at, informed_at, decision, decided_at
from restriction_lifts where subject_ref = $subject order by proposed_at, id;

-- name: ways_out
select c.subject_ref, c.case_ref, w.way, w.state, w.made_at, w.expires_at, w.channel, w.secret_channel, w.fetched_at
from ways_out w join cases c on c.case_ref = w.case_ref
where c.subject_ref = $subject order by w.made_at, w.id;

-- name: disclosure_log
select id, subject_ref, recipient, categories, disclosed_at, basis, act, source
from disclosure_log where subject_ref = $subject
    and id not in (select disclosure_id from silences where ended_at is null and disclosure_id is not null)
order by disclosed_at, id;

-- name: rectifications
select id, subject_ref, case_ref, system, field, finding, state, old_value, new_value, proposed_at, carried_at
from rectifications where subject_ref = $subject order by proposed_at, id;

-- name: rectification_proofs
select c.subject_ref, c.case_ref, p.proofs, p.recorded_at
from rectification_proofs p join cases c on c.case_ref = p.case_ref
where c.subject_ref = $subject order by p.recorded_at, p.id;

-- name: consent_flags
select subject_ref, case_ref, consent_id, age_limit, flagged_at
from consent_flags where subject_ref = $subject order by flagged_at, id;

-- name: recipient_notices
select subject_ref, case_ref, recipient, categories, change, state, proposed_at, sent_at, answered_at
from recipient_notices where subject_ref = $subject order by proposed_at, id;

-- name: extensions
select c.subject_ref, c.case_ref, e.state, e.until, e.prepared_at, e.told_on
from extensions e join cases c on c.case_ref = e.case_ref
where c.subject_ref = $subject order by e.prepared_at, e.id;

-- name: owner_tasks
select c.subject_ref, c.case_ref, t.system, t.verb, t.due_on, t.asked_at, t.state, t.answered_at
from owner_tasks t join cases c on c.case_ref = t.case_ref
where c.subject_ref = $subject order by t.asked_at, t.id;

-- name: fees
select c.subject_ref, c.case_ref, f.state, f.ground, f.currency, f.announced_on, f.reply_by, f.outcome, f.outcome_on
from fees f join cases c on c.case_ref = f.case_ref
where c.subject_ref = $subject order by f.prepared_at, f.id;

-- name: decisions
select c.subject_ref, c.case_ref, d.item, d.granted, d.outcome, d.article, d.sentence, d.decided_at
from decisions d join cases c on c.case_ref = d.case_ref
where c.subject_ref = $subject order by d.decided_at, d.id;

-- name: kept_items
select subject_ref, case_ref, system, table_name, ground, until, row_count, kept_at, erased_at
from kept_items where subject_ref = $subject order by kept_at, id;

-- name: identity_documents
select c.subject_ref, c.case_ref, d.proves, d.media_type, d.added_at, d.ended_at, d.end_reason
from identity_documents d join cases c on c.case_ref = d.case_ref
where c.subject_ref = $subject order by d.added_at, d.id;

-- name: representatives
select c.subject_ref, c.case_ref, r.capacity, r.rights, r.since, r.until, r.outcome, r.checked_on, r.revoked_on, r.ended_at
from representatives r join cases c on c.case_ref = r.case_ref
where c.subject_ref = $subject order by r.added_at, r.id;

-- name: children
select c.subject_ref, c.case_ref, k.parent, k.own_view, k.conflict, k.contact_ban, k.in_confidence, k.recorded_at
from children k join cases c on c.case_ref = k.case_ref
where c.subject_ref = $subject order by k.recorded_at;

-- name: deaths
select subject_ref, case_ref, died_on, source, recorded_at, ended_at
from deaths where subject_ref = $subject order by recorded_at, id;
