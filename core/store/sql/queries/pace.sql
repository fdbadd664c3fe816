-- Our own pace: how long requests stand in each state.

-- name: stages
-- Days (of 24 hours) in which nine of ten requests left a state by work done, of those that did in the period: by right,
-- and over all of them. Only what moved in the period is put in order: the window is what takes the time.
select grouping(kind) as every_kind, kind, state, count(*) as number, percentile_cont(0.9) within group (order by days) as ninth
from (
    select r.kind, m.from_state as state, m.step, m.happened_at,
        extract(epoch from (m.happened_at - coalesce(
            lag(m.happened_at) over (partition by r.id order by m.happened_at, m.id), r.received_at))) / 86400.0 as days
    from requests r join request_moves m on m.request_id = r.id
    where r.id in (select n.request_id from request_moves n where n.happened_at >= cast($since as timestamp))
) as r
where happened_at >= cast($since as timestamp) and step in (select unnest(cast($steps as varchar[])))
group by grouping sets ((kind, state), (state)) order by state, kind;
