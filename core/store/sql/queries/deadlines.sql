-- The deadline board: counts of open requests by right, owner and day, and how the closed ones ended.

-- name: open_cells
-- One count for each right, each owner and each due day, by how urgent the requests are; grouping() tells them apart.
select grouping(kind) as any_kind, grouping(owner_id) as any_owner, grouping(final_due) as any_day, kind, owner_id,
    final_due, band, count(*) as number
from (
    select kind, owner_id, final_due,
        due_band(sent_at, clock_state, final_due, $today, $soon, $next) as band
    from requests where state <> 'closed'
) as r
group by grouping sets ((kind, band), (owner_id, band), (final_due, band))
order by kind, owner_id, final_due, band;

-- name: ended
-- A request closed while its clock stood still had time left; one without a period is not measured. What was answered
-- outside the desk is counted apart, and with the others.
select r.kind, count(*) as closed, sum(case when p.id is not null and r.closing in ('fulfilled', 'partly_fulfilled', 'refused') then 1 else 0 end)
        as outside,
    sum(case when due_kept(sent_at, closed_at, clock_state, final_due, due_end) = 'in_time' then 1 else 0 end) as in_time,
    sum(case when due_kept(sent_at, closed_at, clock_state, final_due, due_end) = 'late' then 1 else 0 end) as late
from requests r left join plans p on p.id = r.plan_id and p.verb = 'outside'
where r.state = 'closed' and r.closed_at >= cast($since as timestamp)
group by r.kind order by r.kind;
