-- Decisions as records: written with the act that decides, read by the request they concern.

-- part: columns
id, case_ref, request_id, act, item, granted, outcome, article, rule, profile, inputs, sentence, words,
    actor_ref, decided_at

-- name: add_all
insert into decisions ({columns}) select {columns} from incoming order by id;

-- name: add_refused
-- A use that is refused leaves its record once a person and act, however often it is tried.
insert into decisions (id, case_ref, request_id, act, item, granted, outcome, article, rule, profile, inputs, sentence,
    actor_ref, decided_at)
select $id, $case_ref, $request_id, $act, $item, $granted, $outcome, $article, $rule, $profile, $inputs, $sentence,
    $actor_ref, $decided_at
where not exists (
    select 1 from decisions d
    where d.request_id = $request_id and d.act = $act and d.rule = $rule and d.outcome = $outcome
        and d.actor_ref = $actor_ref
);

-- name: of_request
select d.id, d.case_ref, d.request_id, d.act, d.item, d.granted, d.outcome, d.article, d.rule, d.profile, d.inputs,
    d.sentence, d.words, d.actor_ref, d.decided_at, a.name as actor_name
from decisions d left join accounts a on a.actor_ref = d.actor_ref
where d.request_id = $request_id order by d.decided_at, d.id;

-- part: standing
-- The last records on each item of the other requests of a right. An extension that went back to its preparer is decided
-- once its request is closed; what was refused as a whole afterwards was decided there.
with mine as (
    select d.request_id, d.item, d.outcome, d.article, d.inputs, d.decided_at
    from decisions d join requests r on r.id = d.request_id
    where d.act in (select unnest(cast($acts as varchar[]))) and d.item in (select unnest(cast($items as varchar[])))
        and r.kind = $kind and r.id <> $request_id and r.state in (select unnest(cast($states as varchar[])))
        and (r.closing is null or r.closing in (select unnest(cast($closings as varchar[]))))
        and (d.outcome <> 'returned' or r.state = 'closed')
),
again as (
    select request_id, item, max(decided_at) as last_at from mine where request_id in (
        select request_id from mine group by request_id having min(decided_at) < max(decided_at)
    ) group by request_id, item
),
refused as (
    select request_id, max(decided_at) as last_at from decisions
    where act = 'refusal.approve' and granted and 'plan.approve' in (select unnest(cast($acts as varchar[])))
    group by request_id
),
standing as (
    select m.request_id, m.item, m.outcome, m.article, m.decided_at, case when cast($fact as varchar) = '' then '' else
        split_part(split_part(m.inputs, '["' || cast($fact as varchar) || '","', 2), '"', 1) end as fact
    from mine m left join again a on a.request_id = m.request_id and a.item = m.item
        left join refused w on w.request_id = m.request_id
    where (a.last_at is null or a.last_at = m.decided_at) and (w.last_at is null or w.last_at < m.decided_at)
)

-- name: like_records
-- How other requests of a right were decided on each item, of which an act keeps one record.
{standing}
select item, outcome as low, outcome as high, article, fact, count(*) as cases, min(decided_at) as since
from standing group by item, outcome, article, fact order by item, outcome, article, fact;

-- name: like_points
-- The same where an act keeps several records of an item, which are one case.
{standing},
each_case as (
    select item, min(outcome) as low, max(outcome) as high, min(article) as article, min(fact) as fact,
        min(decided_at) as decided_at
    from standing group by request_id, item
)
select item, low, high, article, fact, count(*) as cases, min(decided_at) as since
from each_case group by item, low, high, article, fact order by item, low, high, article, fact;

-- name: like_closings
-- How other requests of a right ended, those refused as a whole with the article of the last refusal.
with refused as (
    select request_id, article, row_number() over (partition by request_id order by decided_at desc, id desc) as place
    from decisions where act = 'refusal.approve' and granted
)
select r.closing, coalesce(d.article, '') as article, count(*) as cases, min(r.closed_at) as since
from requests r left join refused d on d.request_id = r.id and d.place = 1
where r.kind = $kind and r.id <> $request_id and r.state = 'closed'
    and r.closing in (select unnest(cast($closings as varchar[])))
group by r.closing, coalesce(d.article, '') order by r.closing, article;

-- name: like_fees
-- How other requests of a right ended, with the ground of the fee that was announced last and not dropped.
with charged as (
    select request_id, ground, row_number() over (partition by request_id order by prepared_at desc, id desc) as place
    from fees where announced_on is not null and (outcome is null or outcome <> 'waived')
)
select r.closing, coalesce(f.ground, '') as ground, count(*) as cases, min(r.closed_at) as since
from requests r left join charged f on f.request_id = r.id and f.place = 1
where r.kind = $kind and r.id <> $request_id and r.state = 'closed'
    and r.closing in (select unnest(cast($closings as varchar[])))
group by r.closing, coalesce(f.ground, '') order by r.closing, ground;
