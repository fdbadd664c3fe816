-- The log as its page shows it: filtered, one page at a time, the newest first.

-- part: within
a.chain = $chain
    and (cast($since as timestamp) is null or a.happened_at >= cast($since as timestamp))
    and (cast($until as timestamp) is null or a.happened_at < cast($until as timestamp))

-- part: chosen
{within}
    and (cast($act as varchar) is null or a.act = cast($act as varchar))
    and (cast($outcome as varchar) is null or a.outcome = cast($outcome as varchar)
        or starts_with(a.outcome, cast($outcome as varchar) || '.'))
    and (cast($effect as varchar) is null or strpos(a.details, '"effect":"' || cast($effect as varchar) || '"') > 0)
    and (cast($case_ref as varchar) is null or starts_with(a.case_ref, cast($case_ref as varchar)))
    and (cast($subject_ref as varchar) is null or a.subject_ref = cast($subject_ref as varchar))
    and (cast($actor_ref as varchar) is null or starts_with(a.actor_ref, cast($actor_ref as varchar)))

-- part: looked
a.outcome = 'done'
    and (strpos(a.details, '"effect":"viewed"') > 0 or strpos(a.details, '"effect":"downloaded"') > 0)

-- name: page
select a.seq, a.happened_at, a.actor_ref, a.role, a.act, a.outcome, a.subject_ref, a.case_ref, a.request_ref,
    a.object_kind, a.object_id, a.purpose_code, a.details, c.reference
from audit a left join cases c on c.case_ref = a.case_ref
where {chosen}
order by a.seq desc
limit $size offset $first;

-- name: total
select count(*) as total from audit a where {chosen};

-- name: quarters
select cast(floor(extract(epoch from a.happened_at) / 900.0) as bigint) as quarter,
    case when strpos(a.outcome, '.') > 0 then substr(a.outcome, 1, strpos(a.outcome, '.') - 1)
        else a.outcome end as ending,
    count(*) as entries
from audit a
where {chosen}
group by 1, 2 order by 1, 2;

-- name: actor
select name from accounts where actor_ref = $actor_ref;

-- name: look_ups_of
-- Every look at a person's data, and at a case of theirs; what a case's search found of others is theirs, not this person's.
select a.happened_at, a.actor_ref, a.role, a.act, a.purpose_code, a.case_ref
from audit a
where a.chain = $chain and {looked}
    and (a.subject_ref = $subject or (a.subject_ref is null
        and a.case_ref in (select c.case_ref from cases c where c.subject_ref = $subject)))
order by a.seq;

-- name: operator_finds
-- What the command line searched for after an entry: one line for each command, with how many people it told of.
select max(a.seq) as seq, a.happened_at, a.actor_ref, a.outcome, max(a.purpose_code) as purpose_code,
    count(a.subject_ref) as people
from audit a
where a.chain = $chain and a.seq > $after and a.act = 'person.find' and a.role = 'operator'
group by a.happened_at, a.actor_ref, a.outcome
order by 1;

-- name: operator_looked
select coalesce(max(seq), -1) as seq from operator_looks;

-- name: look_at_operator
insert into operator_looks (seq, account_id, looked_at) values ($seq, $account_id, $now);

-- name: sealed_looks
-- Who looked at, or was refused, a sealed case, a person of such a case, or a colleague or somebody close to one.
-- What concerns the person who asks, or somebody close to them, is left to another and only counted (`own`).
-- The counts stand on every row, and alone on one row where the page is empty.
with watched as (
    select c.subject_ref from cases c where c.sealed_to_names and c.subject_ref is not null
    union
    select p.subject_ref from account_people p
), own as (
    select subject_ref from account_people where account_id = $account_id
), looks as (
    select a.seq, a.happened_at, a.actor_ref, a.role, a.act, a.outcome, a.subject_ref, a.case_ref, a.purpose_code,
        a.details,
        case when sealed_from(c.case_ref, c.sealed_to_names, $account_id) then null else c.reference end as reference,
        coalesce(a.subject_ref in (select subject_ref from own), false)
            or coalesce(c.subject_ref in (select subject_ref from own), false) as own
    from audit a left join cases c on c.case_ref = a.case_ref
    where {within}
        and (a.outcome = 'refused.not_allowed' or ({looked}))
        and (c.sealed_to_names or a.subject_ref in (select subject_ref from watched)
            or c.subject_ref in (select subject_ref from watched))
), page as (
    select seq, happened_at, actor_ref, role, act, outcome, subject_ref, case_ref, purpose_code, details, reference
    from looks where not own order by seq desc limit $size offset $first
)
select counted.total, counted.own, page.*
from (select count(*) filter (not own) as total, count(*) filter (own) as own from looks) counted
left join page on true
order by page.seq desc;
