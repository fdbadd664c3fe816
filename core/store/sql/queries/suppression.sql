-- Restriction, objection, withdrawal and erased-do-not-import, by keyed hash; an entry stands until it ends.

-- part: entry
id, state, h, kind, purpose, channel, ground, case_ref, subject_ref, started_at, review_on, end_rule, source, version

-- part: not_over
(s.state <> 'do_not_import' or s.review_on is null or s.review_on > cast($today as date))

-- part: stop
case when s.state = 'restriction' then 'marked ' || s.ground || ' all' else s.state || ' ' || s.purpose || ' ' || s.channel end

-- name: add
insert into suppressions (id, state, h, kind, form_version, purpose, channel, ground, case_ref, subject_ref, started_at,
    review_on, end_rule, source, entry_ref, held_value, told_value, version)
select id, state, h, kind, form_version, purpose, channel, ground, case_ref, subject_ref, started_at,
    cast(review_on as date), end_rule, source, entry_ref, held_value, told_value, 1
from incoming;

-- name: by_hash
select {entry} from suppressions s
where s.h in (select unnest(cast($tokens as blob[]))) and s.ended_at is null and {not_over}
order by started_at, id;

-- name: all_standing
select {entry} from suppressions s where s.ended_at is null and {not_over} order by started_at, id;

-- name: blocked
select h from suppressions
where state = 'do_not_import' and h in (select unnest(cast($tokens as blob[]))) and ended_at is null
    and (review_on is null or review_on > cast($today as date));

-- name: of_case
select {entry} from suppressions where case_ref = $case_ref and ended_at is null order by started_at, id;

-- name: of_subject
select {entry} from suppressions where subject_ref = $subject and ended_at is null order by started_at, id;

-- name: standing_of_subjects
select {entry} from suppressions
where subject_ref in (select unnest(cast($subjects as varchar[]))) and ended_at is null
order by started_at desc, id;

-- name: of_subjects
select subject_ref, state, purpose, channel, started_at from suppressions
where subject_ref in (select unnest(cast($subjects as varchar[]))) and ended_at is null;

-- name: one
select id, state, h, kind, purpose, channel, ground, case_ref, subject_ref, started_at, review_on, end_rule, ended_at,
    ended_by, end_ground, source, entry_ref, version
from suppressions where id = $id;

-- name: of_entry
select {entry}, ended_at, held_value, told_value from suppressions where entry_ref = $entry_ref order by id;

-- name: words_of
select w.id, w.case_ref, w.kept_at, w.kept_by, w.kind, w.body
from suppression_words w join suppressions s on s.id = w.suppression_id where s.entry_ref = $entry_ref order by w.kept_at, w.id;

-- name: lifts_of
select id, case_ref, reason, proposed_by, proposed_at, informed_at, decision, decided_by, decided_at
from restriction_lifts where suppression_id = $suppression_id order by proposed_at, id;

-- name: reviews_of
select id, case_ref, reviewed_by, reviewed_at, from_day, to_day, reason
from restriction_reviews where suppression_id = $suppression_id order by reviewed_at, id;

-- name: annulments_of
select id, case_ref, evidence, asked_by, asked_at, decision, decided_by, decided_at
from suppression_annulments where entry_ref = $entry_ref order by asked_at, id;

-- name: annulment
select id, entry_ref, case_ref, state, evidence, asked_by, asked_at, decision, version
from suppression_annulments where id = $id;

-- name: open_annulment
select id from suppression_annulments where entry_ref = $entry_ref and decision is null;

-- name: open_annulments
select a.id, a.entry_ref, a.state, a.asked_by, a.asked_at, a.case_ref, c.reference, a.version
from suppression_annulments a left join cases c on c.case_ref = a.case_ref
where a.decision is null order by a.asked_at, a.id;

-- name: ask_annulment
insert into suppression_annulments (id, entry_ref, case_ref, state, evidence, asked_by, asked_at, version)
values ($id, $entry_ref, $case_ref, $state, $evidence, $account_id, $now, 1);

-- name: decide_annulment
update suppression_annulments set decision = $decision, decided_by = $account_id, decided_at = $now, version = version + 1
where id = $id and version = $version and decision is null;

-- name: keep_review
insert into restriction_reviews (id, suppression_id, case_ref, reviewed_by, reviewed_at, from_day, to_day, reason)
values ($id, $suppression_id, $case_ref, $account_id, $now, cast($from_day as date), cast($to_day as date), $reason);

-- name: review_later
update suppressions set review_on = cast($review_on as date), version = version + 1
where id = $id and version = $version and ended_at is null;

-- name: reviews_due
select s.id, s.ground, s.review_on, s.case_ref, c.reference, s.version
from suppressions s left join cases c on c.case_ref = s.case_ref
where s.state = 'restriction' and s.ended_at is null and s.review_on <= cast($today as date)
    and not exists (select 1 from restriction_lifts l where l.suppression_id = s.id and l.decision is null)
order by s.review_on, s.id;

-- name: counted_of_case
select count(distinct h) as entries from suppressions
where case_ref = $case_ref and kind not in ('case', 'person') and source = 'intake';

-- name: name_subject
update suppressions set subject_ref = $subject, version = version + 1
where case_ref = $case_ref and subject_ref is null and ended_at is null;

-- name: unname_subject
update suppressions set subject_ref = null, version = version + 1
where case_ref = $case_ref and subject_ref = $subject and source <> 'widened' and ended_at is null
    and state in ('objection', 'withdrawal', 'deceased');

-- name: end_widened
update suppressions set ended_at = $now, ended_by = $account_id, end_ground = 'another_person', version = version + 1
where case_ref = $case_ref and subject_ref = $subject and source = 'widened' and ended_at is null;

-- name: forget_values
-- Of ended entries too, and of every row of an entry: what a case's or the desk's own key opens would outlive the erasure.
update suppressions set held_value = null, told_value = null
where entry_ref in (
    select entry_ref from suppressions where h in (select unnest(cast($tokens as blob[]))) or subject_ref = $subject
);

-- name: forget_subject
update suppressions set subject_ref = null, version = version + 1
where subject_ref = $subject and state in ('objection', 'withdrawal', 'deceased') and kind <> 'person' and ended_at is null;

-- name: end_of_erased
update suppressions set ended_at = $now, ended_by = $account_id, end_ground = 'erased', version = version + 1
where subject_ref = $subject and ended_at is null;

-- name: end
update suppressions set ended_at = $now, ended_by = $account_id, end_ground = $end_ground, version = version + 1
where id = $id and version = $version and ended_at is null;

-- name: end_expired
delete from suppressions where state = 'do_not_import' and review_on is not null and review_on <= cast($today as date)
    and coalesce(subject_ref, '') not in (select unnest(cast($kept as varchar[])));

-- name: expired_subjects
select distinct subject_ref from suppressions
where state = 'do_not_import' and review_on is not null and review_on <= cast($today as date) and subject_ref is not null;

-- name: keep_words
insert into suppression_words (id, suppression_id, case_ref, kept_at, kept_by, kind, body)
values ($id, $suppression_id, $case_ref, $kept_at, $kept_by, $kind, $body);

-- name: listed
select s.id, s.state, s.kind, s.purpose, s.channel, s.ground, s.started_at, s.review_on, s.end_rule, s.ended_at,
    s.end_ground, s.source, s.version, s.case_ref, s.subject_ref, s.held_value, s.told_value, c.reference
from suppressions s left join cases c on c.case_ref = s.case_ref
where s.state = $state and s.id = s.entry_ref and (cast($ended as boolean) or (s.ended_at is null and {not_over}))
    and (cast($purpose as varchar) = '' or s.purpose = cast($purpose as varchar))
    and (cast($channel as varchar) = '' or s.channel = cast($channel as varchar))
    and (not cast($due as boolean) or (s.ended_at is null and s.review_on <= cast($soon as date)))
order by s.started_at desc, s.id desc limit cast($most as integer);

-- name: counts
select state, count(*) as entries,
    sum(case when review_on is not null and review_on <= cast($soon as date) then 1 else 0 end) as review
from suppressions s where s.id = s.entry_ref and s.ended_at is null and {not_over}
group by state order by state;

-- name: every
select id, state, h, kind, purpose, channel, ground, case_ref, subject_ref, started_at, review_on, held_value, told_value,
    entry_ref
from suppressions s
where s.ended_at is null and (cast($state as varchar) = 'all' or s.state = cast($state as varchar))
    and s.kind not in ('case', 'person') and s.state <> 'restriction' and {not_over}
order by started_at, id;

-- name: held_values
select subject_ref, kind, normal, value from identifier_values order by kind, normal, subject_ref;

-- name: keep_terms
insert into restriction_terms (request_id, case_ref, ground, review_on, recorded_at, recorded_by)
values ($request_id, $case_ref, $ground, cast($review_on as date), $now, $account_id);

-- name: forget_terms
delete from restriction_terms where request_id = $request_id;

-- name: terms
select request_id, case_ref, ground, review_on, recorded_at, recorded_by
from restriction_terms where request_id = $request_id;

-- name: propose_lift
insert into restriction_lifts (id, suppression_id, subject_ref, case_ref, ground, reason, proposed_by, proposed_at,
    version)
values ($id, $suppression_id, $subject, $case_ref, $ground, $reason, $account_id, $now, 1);

-- name: lift
select id, suppression_id, subject_ref, case_ref, ground, reason, proposed_by, proposed_at, letter_id, informed_at,
    decision, decided_by, decided_at, version
from restriction_lifts where id = $id;

-- name: open_lift
select id, suppression_id, subject_ref, case_ref, ground, proposed_by, proposed_at, informed_at, version
from restriction_lifts where suppression_id = $suppression_id and decision is null;

-- name: open_lifts
select l.id, l.suppression_id, l.ground, l.proposed_by, l.proposed_at, l.case_ref, c.reference, l.version,
    (select max(t.sent_at) from letters t where t.case_ref = l.case_ref and t.kind = 'restriction_will_be_lifted'
        and t.sent_at >= l.proposed_at and t.came_back_at is null) as told_at
from restriction_lifts l left join cases c on c.case_ref = l.case_ref
where l.decision is null order by l.proposed_at, l.id;

-- name: open_lifts_of_case
select l.id, l.ground, l.reason, s.started_at
from restriction_lifts l join suppressions s on s.id = l.suppression_id
where l.case_ref = $case_ref and l.decision is null order by l.proposed_at desc, l.id desc;

-- name: notice_sent
select id, sent_at from letters
where case_ref = $case_ref and kind = 'restriction_will_be_lifted' and sent_at is not null and came_back_at is null
    and sent_at >= $proposed_at
order by sent_at limit 1;

-- name: decide_lift
update restriction_lifts set decision = $decision, decided_by = $account_id, decided_at = $now, letter_id = $letter_id,
    informed_at = $informed_at, version = version + 1
where id = $id and version = $version and decision is null;

-- name: ask_export
insert into suppression_exports (id, listed, purpose_code, counted, asked_by, asked_at, approver_id, version)
values ($id, $listed, $purpose_code, $counted, $account_id, $now, $approver_id, 1);

-- name: export
select id, listed, purpose_code, counted, asked_by, asked_at, approver_id, decision, decided_by, decided_at,
    fetched_at, sha256, version
from suppression_exports where id = $id;

-- name: exports
select id, listed, purpose_code, counted, asked_by, asked_at, approver_id, decision, decided_by, decided_at, fetched_at,
    version
from suppression_exports order by asked_at desc, id desc limit 50;

-- name: decide_export
update suppression_exports set decision = $decision, decided_by = $account_id, decided_at = $now, version = version + 1
where id = $id and version = $version and decision is null;

-- name: fetched_export
update suppression_exports set fetched_at = $now, sha256 = $sha256, version = version + 1
where id = $id and version = $version and fetched_at is null;

-- name: purposes_listed
select distinct purpose from suppressions where state = $state order by purpose;

-- name: purposes
select distinct purpose from consents order by purpose limit 500;

-- name: latest_consents
select purpose, channel, given, happened_at, text_version from (
    select purpose, channel, given, happened_at, text_version,
        row_number() over (partition by purpose, channel order by happened_at desc, given, id desc) as place
    from consents where subject_ref = $subject
) latest where place = 1 order by purpose, channel;

-- name: latest_of_subjects
select subject_ref, purpose, channel, given, happened_at from (
    select subject_ref, purpose, channel, given, happened_at,
        row_number() over (partition by subject_ref, purpose, channel order by happened_at desc, given, id desc) as place
    from consents where subject_ref in (select unnest(cast($subjects as varchar[])))
) latest where place = 1;

-- name: audience
-- `incoming` has, for each value asked (n), its short hash, its normal form and each of its tokens, one a row. Values of
-- which the same is on record come back as one row: whether somebody holds it, whether all who do agreed to this purpose
-- and channel, and what stands on the value or on anybody who holds it. What that means is for the law.
with holders as (
    select distinct a.n, v.subject_ref
    from incoming a
    join identifiers i on i.h = a.h and i.kind = $kind
    join identifier_values v on v.subject_ref = i.subject_ref and v.kind = $kind and v.normal = a.form
),
told as (
    select subject_ref, given from (
        select c.subject_ref, c.given and not exists (
            select 1 from consent_flags f where f.consent_id = c.id and f.subject_ref = c.subject_ref
        ) as given, row_number() over (partition by c.subject_ref order by c.happened_at desc, c.given, c.id desc) as place
        from consents c
        where c.purpose = $purpose and c.channel = $channel and c.subject_ref in (select subject_ref from holders)
    ) latest where place = 1
),
known as (
    select h.n, min(case when t.given then 1 else 0 end) as agreed
    from holders h left join told t on t.subject_ref = h.subject_ref group by h.n
),
stops as (
    select a.n, {stop} as stop
    from incoming a join suppressions s on s.h = a.token where s.ended_at is null and {not_over}
    union
    select h.n, {stop}
    from holders h join suppressions s on s.subject_ref = h.subject_ref where s.ended_at is null and {not_over}
    union
    select h.n, 'marked ' || r.ground || ' all'
    from holders h join restrictions r on r.subject_ref = h.subject_ref where r.lifted_at is null
    union
    select h.n, 'kept ' || k.ground || ' all'
    from holders h join kept_items k on k.subject_ref = h.subject_ref where k.state in ('kept', 'changed')
    union
    select h.n, 'withdrawal ' || $purpose || ' ' || $channel
    from holders h join told t on t.subject_ref = h.subject_ref where not t.given
),
found as (
    select a.n, k.n is not null as known, coalesce(k.agreed, 0) = 1 as agreed, coalesce(s.stops, '') as stops
    from (select distinct n from incoming) a
    left join known k on k.n = a.n
    left join (select n, string_agg(stop, chr(31) order by stop) as stops from stops group by n) s on s.n = a.n
)
select known, agreed, stops, array_agg(n) as places from found group by known, agreed, stops;
