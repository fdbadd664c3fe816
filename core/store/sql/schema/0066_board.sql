-- How a closed request counts for the board: what ended without an answer that could be in time or late stands apart.
create macro answer_kept(ending, sent, closed, clock, due, over_at) as
    case when ending in ('withdrawn', 'duplicate', 'not_a_request', 'forwarded') then 'left_out'
        else due_kept(sent, closed, clock, due, over_at) end;

-- On whom an open request waits; `asked` says that a question to the person is open.
create macro waits_on(its_state, sent, asked, proves, identity) as
    case when sent is not null then 'closing' when asked then 'person' when its_state = 'awaiting_approval' then 'approver'
        when its_state = 'carrying_out' then 'system' when its_state = 'ready_to_send' then 'sending'
        when its_state = 'in_progress' and proves and identity = 'open' then 'identity' else 'us' end;
