-- The board: counts of open requests by right, owner, day and whom they wait for, how the closed ones ended, how many
-- days an answer took, and how many came and went each day. `incoming` has the shifts of the local time: from when (UTC)
-- to when it was which, so that a day is a day where the controller is.

-- part: chosen
(cast($right as varchar) is null or r.kind = cast($right as varchar))
    and (cast($owner as varchar) is null or coalesce(r.owner_id, '') = cast($owner as varchar))
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
