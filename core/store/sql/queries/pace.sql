-- Our own pace: how long requests stand in each state, and how long it is from there to the sending.

-- part: unmoved
-- Requests whose clock nothing moved: how long a person took to answer, and what was put off, is not our pace.
r.id not in (select p.request_id from pauses p)
    and r.id not in (select e.request_id from extensions e where e.told_on is not null)

-- name: stages
-- Days (of 24 hours) in which nine of ten requests left a state by work done, of those that did in the period: by right,
-- and over all of them. Only what moved in the period is put in order: the window is what takes the time.
select grouping(kind) as every_kind, kind, state, count(*) as number, percentile_cont(0.9) within group (order by days) as ninth
from (
    select r.kind, m.from_state as state, m.step, m.happened_at,
        extract(epoch from (m.happened_at - coalesce(
            lag(m.happened_at) over (partition by r.id order by m.happened_at, m.id), r.received_at))) / 86400.0 as days
    from requests r join request_moves m on m.request_id = r.id
    where r.id in (select n.request_id from request_moves n where n.happened_at >= cast($since as timestamp)) and {unmoved}
) as r
where happened_at >= cast($since as timestamp) and step in (select unnest(cast($steps as varchar[])))
group by grouping sets ((kind, state), (state)) order by state, kind;

-- name: rests
-- Days (of 24 hours) in which nine of ten requests came from the first leaving of a state to their first sending, of those
-- that were sent in the period: by right, and over all of them.
select grouping(kind) as every_kind, kind, state, count(*) as number, percentile_cont(0.9) within group (order by days) as ninth
from (
    select r.id, r.kind, m.from_state as state, extract(epoch from (s.sent - min(m.happened_at))) / 86400.0 as days
    from (
        select request_id, min(happened_at) as sent from request_moves where step = $send group by request_id
    ) s join requests r on r.id = s.request_id
        join request_moves m on m.request_id = r.id and m.happened_at <= s.sent
    where s.sent >= cast($since as timestamp) and m.step in (select unnest(cast($steps as varchar[]))) and {unmoved}
    group by r.id, r.kind, m.from_state, s.sent
) as r
group by grouping sets ((kind, state), (state)) order by state, kind;
