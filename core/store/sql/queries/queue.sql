-- The queue, by reference, right, owner and days.

-- name: counts
select
    coalesce(sum(case when state <> 'closed' then 1 else 0 end), 0) as open,
    coalesce(sum(case when state <> 'closed' and owner_id = $me then 1 else 0 end), 0) as mine,
    coalesce(sum(case when state <> 'closed' and owner_id is null then 1 else 0 end), 0) as unassigned,
    coalesce(sum(case when state <> 'closed' and final_due < cast($today as date) then 1 else 0 end), 0) as overdue,
    coalesce(sum(case when state <> 'closed' and final_due >= cast($today as date)
        and final_due <= cast($soon as date) then 1 else 0 end), 0) as soon,
    coalesce(sum(case when state = 'closed' then 1 else 0 end), 0) as closed
from requests;

-- name: rows
select r.id, r.case_ref, r.reference, r.kind, r.state, r.closing, r.owner_id, r.final_due, r.safe_due, r.received_at,
    r.clock_state, r.version, r.came_back_at, c.channel
from requests r join cases c on c.case_ref = r.case_ref
where (cast($right as varchar) is null or r.kind = cast($right as varchar))
    and (cast($owner as varchar) is null or r.owner_id = cast($owner as varchar))
    and (cast($reference as varchar) is null or strpos(r.reference, cast($reference as varchar)) > 0)
    and ((cast($view as varchar) = 'closed') = (r.state = 'closed'))
    and (cast($view as varchar) <> 'mine' or r.owner_id = cast($me as varchar))
    and (cast($view as varchar) <> 'unassigned' or r.owner_id is null)
    and (cast($view as varchar) <> 'overdue' or r.final_due < cast($today as date))
    and (cast($view as varchar) <> 'soon'
        or (r.final_due >= cast($today as date) and r.final_due <= cast($soon as date)))
order by case when r.state = 'closed' then 1 else 0 end, case when r.final_due is null then 1 else 0 end,
    r.final_due, r.received_at, r.id
limit $size offset $first;

-- name: total
select count(*) as total
from requests r
where (cast($right as varchar) is null or r.kind = cast($right as varchar))
    and (cast($owner as varchar) is null or r.owner_id = cast($owner as varchar))
    and (cast($reference as varchar) is null or strpos(r.reference, cast($reference as varchar)) > 0)
    and ((cast($view as varchar) = 'closed') = (r.state = 'closed'))
    and (cast($view as varchar) <> 'mine' or r.owner_id = cast($me as varchar))
    and (cast($view as varchar) <> 'unassigned' or r.owner_id is null)
    and (cast($view as varchar) <> 'overdue' or r.final_due < cast($today as date))
    and (cast($view as varchar) <> 'soon'
        or (r.final_due >= cast($today as date) and r.final_due <= cast($soon as date)));

-- name: owners
select id, name from accounts;
