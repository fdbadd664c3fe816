-- The log as its page shows it: filtered, one page at a time, the newest first.

-- name: page
select a.seq, a.happened_at, a.actor_ref, a.role, a.act, a.outcome, a.subject_ref, a.case_ref, a.request_ref,
    a.object_kind, a.object_id, a.purpose_code, a.details, c.reference
from audit a left join cases c on c.case_ref = a.case_ref
where a.chain = $chain
    and (cast($since as timestamp) is null or a.happened_at >= cast($since as timestamp))
    and (cast($until as timestamp) is null or a.happened_at < cast($until as timestamp))
    and (cast($act as varchar) is null or a.act = cast($act as varchar))
    and (cast($outcome as varchar) is null or a.outcome = cast($outcome as varchar)
        or starts_with(a.outcome, cast($outcome as varchar) || '.'))
    and (cast($effect as varchar) is null or strpos(a.details, '"effect":"' || cast($effect as varchar) || '"') > 0)
    and (cast($case_ref as varchar) is null or starts_with(a.case_ref, cast($case_ref as varchar)))
    and (cast($subject_ref as varchar) is null or a.subject_ref = cast($subject_ref as varchar))
    and (cast($actor_ref as varchar) is null or starts_with(a.actor_ref, cast($actor_ref as varchar)))
order by a.seq desc
limit $size offset $first;

-- name: total
select count(*) as total from audit a
where a.chain = $chain
    and (cast($since as timestamp) is null or a.happened_at >= cast($since as timestamp))
    and (cast($until as timestamp) is null or a.happened_at < cast($until as timestamp))
    and (cast($act as varchar) is null or a.act = cast($act as varchar))
    and (cast($outcome as varchar) is null or a.outcome = cast($outcome as varchar)
        or starts_with(a.outcome, cast($outcome as varchar) || '.'))
    and (cast($effect as varchar) is null or strpos(a.details, '"effect":"' || cast($effect as varchar) || '"') > 0)
    and (cast($case_ref as varchar) is null or starts_with(a.case_ref, cast($case_ref as varchar)))
    and (cast($subject_ref as varchar) is null or a.subject_ref = cast($subject_ref as varchar))
    and (cast($actor_ref as varchar) is null or starts_with(a.actor_ref, cast($actor_ref as varchar)));

-- name: quarters
select cast(floor(extract(epoch from a.happened_at) / 900.0) as bigint) as quarter,
    case when strpos(a.outcome, '.') > 0 then substr(a.outcome, 1, strpos(a.outcome, '.') - 1)
        else a.outcome end as ending,
    count(*) as entries
from audit a
where a.chain = $chain
    and (cast($since as timestamp) is null or a.happened_at >= cast($since as timestamp))
    and (cast($until as timestamp) is null or a.happened_at < cast($until as timestamp))
    and (cast($act as varchar) is null or a.act = cast($act as varchar))
    and (cast($outcome as varchar) is null or a.outcome = cast($outcome as varchar)
        or starts_with(a.outcome, cast($outcome as varchar) || '.'))
    and (cast($effect as varchar) is null or strpos(a.details, '"effect":"' || cast($effect as varchar) || '"') > 0)
    and (cast($case_ref as varchar) is null or starts_with(a.case_ref, cast($case_ref as varchar)))
    and (cast($subject_ref as varchar) is null or a.subject_ref = cast($subject_ref as varchar))
    and (cast($actor_ref as varchar) is null or starts_with(a.actor_ref, cast($actor_ref as varchar)))
group by 1, 2 order by 1, 2;

-- name: actor
select name from accounts where actor_ref = $actor_ref;
