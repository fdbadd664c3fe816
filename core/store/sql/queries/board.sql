-- The board: counts of open requests by right, owner, day and whom they wait for, how the closed ones ended, how many
-- days an answer took, and how many came and went each day; over time, what came and how it ended by month, how long a
-- request stood where, what went back and what came back. `incoming` has the shifts of the local time: from when (UTC)
-- to when it was which, so that a day is a day where the controller is.

-- part: chosen
(cast($right as varchar) is null or r.kind = cast($right as varchar))
    and (cast($owner as varchar) is null or coalesce(r.owner_id, '') = cast($owner as varchar))
    and (cast($members as varchar[]) is null or r.owner_id in (select unnest(cast($members as varchar[]))))
    and (cast($channel as varchar) is null or r.case_ref in (
        select c.case_ref from cases c where c.channel = cast($channel as varchar)))

-- name: open_cells
-- One count for each owner, each right and due day, and each way in which requests of a right stand, by how urgent they
-- are; grouping() tells them apart. On whom they wait by their standing is for the law.
select grouping(owner_id) as any_owner, grouping(final_due) as any_day, grouping(state) as any_standing,
    kind, owner_id, final_due, state, sent, asked, identity_state, band, count(*) as number
from (
    select r.kind, r.owner_id, r.final_due, due_band(r.sent_at, r.clock_state, r.final_due, $today, $soon, $next) as band,
        r.state, r.sent_at is not null as sent, q.request_id is not null as asked, c.identity_state
    from requests r join cases c on c.case_ref = r.case_ref
    left join (select distinct request_id from pauses where answered_on is null) q on q.request_id = r.id
    where r.state <> 'closed' and {chosen}
) as r
group by grouping sets ((owner_id, band), (kind, final_due, band), (kind, state, sent, asked, identity_state, band))
order by kind, owner_id, final_due, state, band;

-- name: ended
-- A request closed while its clock stood still had time left; one without a period is not measured. What was answered
-- outside the desk is counted apart, and with the others.
select r.kind, r.closing, due_kept(r.sent_at, r.closed_at, r.clock_state, r.final_due, r.due_end) as kept, count(*) as number,
    sum(case when p.id is not null and r.closing in ('fulfilled', 'partly_fulfilled', 'refused') then 1 else 0 end) as outside
from requests r left join plans p on p.id = r.plan_id and p.verb = 'outside'
where r.state = 'closed' and r.closed_at >= cast($since as timestamp) and r.closed_at < cast($until as timestamp) and {chosen}
group by r.kind, r.closing, kept order by r.kind, r.closing, kept;

-- name: answered
-- Calendar days from the receipt to the first sending, of what was closed in the period with an answer.
select count(*) as answers, percentile_cont(0.5) within group (order by days) as median,
    percentile_cont(0.9) within group (order by days) as ninth
from (
    select cast(r.sent_at + s.shift as date) - cast(r.received_at + g.shift as date) as days
    from requests r
    join incoming s on r.sent_at >= s.starts and r.sent_at < s.ends
    join incoming g on r.received_at >= g.starts and r.received_at < g.ends
    where r.state = 'closed' and r.closed_at >= cast($since as timestamp) and r.closed_at < cast($until as timestamp)
        and r.closing not in (select unnest(cast($left_out as varchar[]))) and {chosen}
) as r;

-- name: flow
-- How many were received, answered and closed on each local day, from the first one on.
select day, sum(received) as received, sum(answered) as answered, sum(closed) as closed
from (
    select cast(r.received_at + s.shift as date) as day, 1 as received, 0 as answered, 0 as closed
    from requests r join incoming s on r.received_at >= s.starts and r.received_at < s.ends where {chosen}
    union all
    select cast(r.sent_at + s.shift as date), 0, 1, 0
    from requests r join incoming s on r.sent_at >= s.starts and r.sent_at < s.ends where {chosen}
    union all
    select cast(r.closed_at + s.shift as date), 0, 0, 1
    from requests r join incoming s on r.closed_at >= s.starts and r.closed_at < s.ends
    where r.state = 'closed' and {chosen}
) as r
group by day order by day;

-- name: months_received
-- How many were received on each local day of the months shown.
select cast(r.received_at + s.shift as date) as day, count(*) as number
from requests r join incoming s on r.received_at >= s.starts and r.received_at < s.ends
where r.received_at >= cast($first as timestamp) and r.received_at < cast($until as timestamp) and {chosen}
group by day order by day;

-- name: months_ended
-- How many ended in each local month of those shown, and how.
select cast(date_trunc('month', r.closed_at + s.shift) as date) as month, r.closing, count(*) as number
from requests r join incoming s on r.closed_at >= s.starts and r.closed_at < s.ends
where r.state = 'closed' and r.closed_at >= cast($first as timestamp) and r.closed_at < cast($until as timestamp) and {chosen}
group by month, r.closing order by month, r.closing;

-- name: acknowledged
-- Calendar days from the receipt of a request to the first confirmation sent in its case after it, of what was received in
-- the period; and how many were not confirmed.
select count(days) as number, count(*) - count(days) as without, percentile_cont(0.5) within group (order by days) as median,
    percentile_cont(0.9) within group (order by days) as ninth
from (
    select r.id, min(cast(l.sent_at + t.shift as date) - cast(r.received_at + s.shift as date)) as days
    from requests r
    join incoming s on r.received_at >= s.starts and r.received_at < s.ends
    left join letters l on l.case_ref = r.case_ref and l.kind = $kind and l.sent_at >= r.received_at
    left join incoming t on l.sent_at >= t.starts and l.sent_at < t.ends
    where r.received_at >= cast($since as timestamp) and r.received_at < cast($until as timestamp) and {chosen}
    group by r.id
) as r;

-- name: stood
-- Days (of 24 hours) that a request stood in each state, counted when it left it. Only what moved in the period is put in
-- order: the window is what takes the time.
select from_state as state, count(*) as number, percentile_cont(0.5) within group (order by days) as median,
    percentile_cont(0.9) within group (order by days) as ninth
from (
    select m.from_state, m.happened_at,
        extract(epoch from (m.happened_at - coalesce(
            lag(m.happened_at) over (partition by r.id order by m.happened_at, m.id), r.received_at))) / 86400.0 as days
    from requests r join request_moves m on m.request_id = r.id
    where {chosen} and r.id in (select n.request_id from request_moves n
        where n.happened_at >= cast($since as timestamp) and n.happened_at < cast($until as timestamp))
) as r
where happened_at >= cast($since as timestamp) and happened_at < cast($until as timestamp)
group by from_state order by from_state;

-- name: turns
-- Answers sent, of them with a day entered more than a day after it; and those that came back.
select coalesce(sum(case when m.step = 'send' then 1 else 0 end), 0) as sent,
    coalesce(sum(case when m.step = 'send' and
        cast(m.happened_at + t.shift as date) - cast(r.sent_at + s.shift as date) > 1 then 1 else 0 end), 0) as entered_late,
    coalesce(sum(case when m.step = 'came_back' then 1 else 0 end), 0) as came_back
from request_moves m join requests r on r.id = m.request_id
join incoming t on m.happened_at >= t.starts and m.happened_at < t.ends
left join incoming s on r.sent_at >= s.starts and r.sent_at < s.ends
where m.step in ('send', 'came_back') and m.happened_at >= cast($since as timestamp)
    and m.happened_at < cast($until as timestamp) and {chosen};

-- name: decided
-- Approvals decided in the period, and how many were given back; all things alike.
select count(*) as number, coalesce(sum(case when a.decision = 'given_back' then 1 else 0 end), 0) as given_back,
    percentile_cont(0.5) within group (order by extract(epoch from (a.decided_at - a.asked_at)) / 86400.0) as median,
    percentile_cont(0.9) within group (order by extract(epoch from (a.decided_at - a.asked_at)) / 86400.0) as ninth
from approvals a join requests r on r.id = a.request_id
where a.decision is not null and a.decided_at >= cast($since as timestamp) and a.decided_at < cast($until as timestamp)
    and {chosen};

-- name: paused
-- Questions put to the person in the period that pause the clock, how many were answered, and after how many days.
select count(*) as number, count(p.answered_on) as answered,
    percentile_cont(0.5) within group (order by p.answered_on - p.asked_on) as median,
    percentile_cont(0.9) within group (order by p.answered_on - p.asked_on) as ninth
from pauses p join requests r on r.id = p.request_id
where p.asked_on >= cast($first_day as date) and p.asked_on <= cast($last_day as date) and {chosen};

-- name: extended
-- Requests whose extension was told to the person in the period.
select count(*) as number from extensions e join requests r on r.id = e.request_id
where e.told_on >= cast($first_day as date) and e.told_on <= cast($last_day as date) and {chosen};

-- name: refused
-- Refusals decided in the period, by the article of their ground.
select d.article, count(*) as number from decisions d join requests r on r.id = d.request_id
where d.act = $act and d.granted and d.decided_at >= cast($since as timestamp) and d.decided_at < cast($until as timestamp)
    and {chosen}
group by d.article order by number desc, d.article;

-- name: systems
-- Days (of 24 hours) from the moment in which a plan came to be carried out until a system had done its part, of those that
-- did in the period.
select system, count(*) as number, percentile_cont(0.5) within group (order by days) as median,
    percentile_cont(0.9) within group (order by days) as ninth
from (
    select c.system, extract(epoch from (c.ended_at - max(m.happened_at))) / 86400.0 as days
    from carryings c join requests r on r.id = c.request_id
        join request_moves m on m.request_id = c.request_id and m.to_state = 'carrying_out' and m.happened_at <= c.ended_at
    where c.state = 'done' and c.ended_at >= cast($since as timestamp) and c.ended_at < cast($until as timestamp) and {chosen}
    group by c.id, c.system, c.ended_at
) as r
group by system order by ninth desc, system;

-- name: complained
-- Requests closed in the period, complaints themselves left out, and those of them after which a complaint came in the same
-- case within 90 days.
select count(*) as closed, coalesce(sum(case when r.id in (
    select a.id from requests a join requests c on c.case_ref = a.case_ref and c.kind = $complaint
    where c.received_at > a.closed_at and c.received_at <= a.closed_at + interval 90 day
) then 1 else 0 end), 0) as complained
from requests r
where r.state = 'closed' and r.kind <> $complaint
    and r.closed_at >= cast($since as timestamp) and r.closed_at < cast($until as timestamp) and {chosen};
