-- How a closed request counts: what ended without an answer that could be in time or late stands apart. What was closed while
-- its clock stood still had time left; what has no period is not measured.
drop macro due_kept;
create macro due_kept(ending, sent, closed, clock, due, over_at) as
    case when ending in ('withdrawn', 'duplicate', 'not_a_request', 'forwarded') then 'left_out'
        when due is null and clock = 'paused' then 'in_time' when due is null then 'unmeasured'
        when coalesce(sent, closed) < coalesce(over_at, cast(due as timestamp) + interval '1 day') then 'in_time'
        else 'late' end;
