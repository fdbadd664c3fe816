-- The queue, by reference, right, owner and days.

-- name: counts
select
    coalesce(sum(case when state <> 'closed' then 1 else 0 end), 0) as open,
    coalesce(sum(case when state <> 'closed' and owner_id = $me then 1 else 0 end), 0) as mine,
    coalesce(sum(case when state <> 'closed' and owner_id is null then 1 else 0 end), 0) as unassigned,
    coalesce(sum(case when state <> 'closed' and sent_at is null and final_due < cast($today as date)
        then 1 else 0 end), 0) as overdue,
    coalesce(sum(case when state <> 'closed' and sent_at is null and final_due >= cast($today as date)
        and final_due <= cast($soon as date) then 1 else 0 end), 0) as soon,
    coalesce(sum(case when state = 'closed' then 1 else 0 end), 0) as closed
from requests;

-- name: rows
-- One page, and with each row how many were chosen in all. What is chosen is kept narrow, and only the page is joined:
-- half the time of one wide statement at 100,000 requests.
with chosen as materialized (
    select r.id, r.state, r.final_due, r.received_at
    from requests r
    where r.case_ref not in (select c.case_ref from cases c where c.sealed_to_names and not exists (
            select 1 from case_named n where n.case_ref = c.case_ref and n.account_id = cast($me as varchar)))
        and (cast($right as varchar) is null or r.kind = cast($right as varchar))
        and (cast($owner as varchar) is null or r.owner_id = cast($owner as varchar))
        and (cast($reference as varchar) is null or strpos(r.reference, cast($reference as varchar)) > 0)
        and ((cast($view as varchar) = 'closed') = (r.state = 'closed'))
        and (cast($view as varchar) <> 'mine' or r.owner_id = cast($me as varchar))
        and (cast($view as varchar) <> 'unassigned' or r.owner_id is null)
        and (cast($view as varchar) <> 'overdue' or (r.sent_at is null and r.final_due < cast($today as date)))
        and (cast($view as varchar) <> 'soon' or (r.sent_at is null
            and r.final_due >= cast($today as date) and r.final_due <= cast($soon as date)))
        and (cast($due as date) is null or (r.final_due = cast($due as date) and r.sent_at is null
            and r.clock_state <> 'paused'))
        and (cast($band as varchar) is null or cast($band as varchar) = case when r.sent_at is not null then 'sent'
            when r.clock_state = 'paused' then 'paused' when r.final_due is null then 'undated'
            when r.final_due < cast($today as date) then 'overdue' when r.final_due <= cast($soon as date) then 'soon'
            when r.final_due <= cast($next as date) then 'next' else 'later' end)
        and (cast($since as timestamp) is null or r.closed_at >= cast($since as timestamp))
        and (cast($outcome as varchar) is null or (cast($outcome as varchar) = 'outside'
            and r.closing in ('fulfilled', 'partly_fulfilled', 'refused') and r.plan_id in (select p.id from plans p where p.verb = 'outside')) or cast($outcome as varchar) = case
            when r.final_due is null and r.clock_state = 'paused' then 'in_time' when r.final_due is null then 'unmeasured'
            when coalesce(r.sent_at, r.closed_at)
                < coalesce(r.due_end, cast(r.final_due as timestamp) + interval '1 day') then 'in_time' else 'late' end)
), page as (
    select id from chosen
    order by case when state = 'closed' then 1 else 0 end, case when final_due is null then 1 else 0 end, final_due,
        received_at, id
    limit $size offset $first
)
select r.id, r.case_ref, r.reference, r.kind, r.state, r.closing, r.owner_id, r.final_due, r.safe_due, r.received_at,
    r.clock_state, r.version, r.sent_at, r.came_back_at, c.channel, (select count(*) from chosen) as total
from requests r join cases c on c.case_ref = r.case_ref
where r.id in (select id from page)
order by case when r.state = 'closed' then 1 else 0 end, case when r.final_due is null then 1 else 0 end,
    r.final_due, r.received_at, r.id;

-- name: sealed
select count(*) as cases from cases c
where c.sealed_to_names and not exists (
    select 1 from case_named n where n.case_ref = c.case_ref and n.account_id = $me);

-- name: sealed_due
select r.final_due, r.clock_state, r.sent_at from requests r join cases c on c.case_ref = r.case_ref
where r.state <> 'closed' and c.sealed_to_names and not exists (
    select 1 from case_named n where n.case_ref = c.case_ref and n.account_id = $me)
order by case when r.final_due is null then 1 else 0 end, r.final_due, r.id;

-- name: owners
select id, name from accounts;
