-- The queue, by reference, right, owner and days.

-- part: overdue
r.sent_at is null and r.final_due < cast($today as date)

-- part: soon
r.sent_at is null and r.final_due >= cast($today as date) and r.final_due <= cast($soon as date)

-- part: day
-- The day by which a request is sorted: while its clock stands still, the one that is safe if no pause is recognised.
case when r.clock_state = 'paused' then r.safe_due else r.final_due end

-- part: order
case when r.state = 'closed' then 1 else 0 end, case when {day} is null then 1 else 0 end, {day}, r.received_at, r.id

-- part: wanted
r.case_ref not in (
        select c.case_ref from cases c where sealed_from(c.case_ref, c.sealed_to_names, cast($me as varchar)))
    and (cast($right as varchar) is null or r.kind = cast($right as varchar))
    and (cast($owner as varchar) is null or coalesce(r.owner_id, '') = cast($owner as varchar))
    and (cast($members as varchar[]) is null or r.owner_id in (select unnest(cast($members as varchar[]))))
    and (cast($reference as varchar) is null or strpos(r.reference, cast($reference as varchar)) > 0)
    and ((cast($view as varchar) = 'closed') = (r.state = 'closed'))
    and (cast($view as varchar) <> 'mine' or r.owner_id = cast($me as varchar))
    and (cast($view as varchar) <> 'unassigned' or r.owner_id is null)
    and (cast($view as varchar) <> 'overdue' or ({overdue}))
    and (cast($view as varchar) <> 'soon' or ({soon}))
    and (cast($due as date) is null or (r.final_due = cast($due as date) and r.sent_at is null
        and r.clock_state <> 'paused'))
    and (cast($after as date) is null or (r.final_due > cast($after as date) and r.sent_at is null
        and r.clock_state <> 'paused'))
    and (cast($band as varchar) is null
        or cast($band as varchar) = due_band(r.sent_at, r.clock_state, r.final_due, $today, $soon, $next))
    and (cast($standings as varchar[]) is null or r.id in (
        select w.id from requests w join cases c on c.case_ref = w.case_ref
        where cast($standings as varchar[]) is not null and w.state <> 'closed'
            and concat_ws('|', w.state, w.kind, w.sent_at is not null,
                w.id in (select q.request_id from pauses q where q.answered_on is null), c.identity_state)
                in (select unnest(cast($standings as varchar[])))))
    and (cast($since as timestamp) is null or r.closed_at >= cast($since as timestamp))
    and (cast($until as timestamp) is null or r.closed_at < cast($until as timestamp))
    and (cast($channel as varchar) is null or r.case_ref in (
        select c.case_ref from cases c where c.channel = cast($channel as varchar)))
    and (cast($outcome as varchar) is null or (cast($outcome as varchar) = 'outside'
        and r.closing in ('fulfilled', 'partly_fulfilled', 'refused')
        and r.plan_id in (select p.id from plans p where p.verb = 'outside'))
        or (cast($outcome as varchar) = 'left_out') = (r.closing in (select unnest(cast($left_out as varchar[]))))
            and cast($outcome as varchar) in (
                'left_out', case when r.sent_at is not null then 'answered' end,
                due_kept(r.sent_at, r.closed_at, r.clock_state, r.final_due, r.due_end)))

-- part: asked
-- Of whom the approval is asked that a request as a whole waits for, and from which day on of the deputy too.
select request_id, max(id) as id from approvals
where decision is null and thing not in ('letter', 'extension') group by request_id

-- part: course
-- All of a request that its latest safe start depends on, in one word; paused, its day is the one that nothing moves.
concat_ws('|', r.kind, r.state, r.calendar_id, coalesce(r.owner_id, ''), coalesce(a.approver_id, ''),
    coalesce(a.deputy_id, ''), coalesce(cast(cast(a.deputy_from as date) as varchar), ''),
    cast({day} as varchar))

-- name: counts
select
    coalesce(sum(case when r.state <> 'closed' then 1 else 0 end), 0) as open,
    coalesce(sum(case when r.state <> 'closed' and r.owner_id = $me then 1 else 0 end), 0) as mine,
    coalesce(sum(case when r.state <> 'closed' and r.owner_id is null then 1 else 0 end), 0) as unassigned,
    coalesce(sum(case when r.state <> 'closed' and {overdue} then 1 else 0 end), 0) as overdue,
    coalesce(sum(case when r.state <> 'closed' and {soon} then 1 else 0 end), 0) as soon,
    coalesce(sum(case when r.state = 'closed' then 1 else 0 end), 0) as closed
from requests r;

-- name: rows
-- One page, and with each row how many were chosen in all. What is chosen is kept narrow, and only the page is joined:
-- half the time of one wide statement at 100,000 requests.
with chosen as materialized (
    select r.id, r.state, r.final_due, r.safe_due, r.clock_state, r.received_at
    from requests r
    where {wanted}
), page as (
    select r.id from chosen r order by {order}
    limit cast($size as bigint) offset $first
)
select r.id, r.case_ref, r.reference, r.kind, r.state, r.closing, r.owner_id, r.final_due, r.safe_due, r.received_at,
    r.clock_state, r.version, r.sent_at, r.came_back_at, c.channel, (select count(*) from chosen) as total
from requests r join cases c on c.case_ref = r.case_ref
where r.id in (select id from page)
order by {order};

-- name: courses
-- How the open requests stand whose answer is owed on a day, each way once, and how many stand so.
select {course} as course, count(*) as number, r.kind, r.state, r.calendar_id, r.owner_id, a.approver_id, a.deputy_id,
    cast(a.deputy_from as date) as deputy_from_day,
    {day} as due
from requests r left join ({asked}) q on q.request_id = case when r.state = 'awaiting_approval' then r.id end
    left join approvals a on a.id = q.id
where r.state <> 'closed' and r.sent_at is null
    and {day} is not null
group by course, r.kind, r.state, r.calendar_id, r.owner_id, a.approver_id, a.deputy_id, deputy_from_day, due order by course;

-- name: rows_by_start
-- The same, by their latest safe start: `incoming` has it for each way in which requests stand. What a join needs stands on
-- one side of its equality: with a further condition the engine compared each with each, twelve seconds at 100,000.
with chosen as materialized (
    select r.id, r.state, r.final_due, r.safe_due, r.clock_state, r.received_at, i.course, i.start_by
    from requests r left join ({asked}) q on q.request_id = case when r.state = 'awaiting_approval' then r.id end
        left join approvals a on a.id = q.id
        left join incoming i on i.course = case when r.state <> 'closed' and r.sent_at is null then {course} end
    where {wanted}
), page as (
    select r.id, r.course, r.start_by from chosen r
    order by case when r.start_by is null then 1 else 0 end, r.start_by, {order}
    limit cast($size as bigint) offset $first
)
select r.id, r.case_ref, r.reference, r.kind, r.state, r.closing, r.owner_id, r.final_due, r.safe_due, r.received_at,
    r.clock_state, r.version, r.sent_at, r.came_back_at, c.channel, p.course, (select count(*) from chosen) as total
from page p join requests r on r.id = p.id join cases c on c.case_ref = r.case_ref
order by case when p.start_by is null then 1 else 0 end, p.start_by, {order};

-- name: due_days
-- On which days ahead open requests fall due, and how many.
select final_due, count(*) as number from requests
where state <> 'closed' and sent_at is null and clock_state <> 'paused' and final_due >= cast($today as date)
    and final_due <= cast($until as date)
group by final_due order by final_due;

-- name: sealed
select count(*) as cases from cases c where sealed_from(c.case_ref, c.sealed_to_names, $me);

-- name: sealed_due
select r.final_due, r.safe_due, r.clock_state, r.sent_at from requests r join cases c on c.case_ref = r.case_ref
where r.state <> 'closed' and sealed_from(c.case_ref, c.sealed_to_names, $me)
order by case when {day} is null then 1 else 0 end, {day}, r.id;

-- name: open_of_owner
select id, case_ref, reference, version from requests where owner_id = $owner_id and state <> 'closed' order by reference;

-- name: owners
select id, name from accounts;
