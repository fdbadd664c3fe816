-- Rules that queries of several nouns need, each said here once. The engine puts a macro into the query that calls it and
-- plans as if it were written there. An argument is called as no column of the macro's own tables is: that would be meant.

-- Who may know of a case. A sealed case is known to the people whom it names; nobody opens what is about themselves or
-- somebody close to them.
create macro sealed_from(a_case, is_sealed, who) as
    is_sealed and not exists (select 1 from case_named n where n.case_ref = a_case and n.account_id = who);

create macro barred_from(a_case, is_sealed, about, who) as
    sealed_from(a_case, is_sealed, who)
    or (about is not null and exists (select 1 from account_people p where p.account_id = who and p.subject_ref = about));

-- How near the last day of an open request is.
create macro due_band(sent, clock, due, today, soon, next) as
    case when sent is not null then 'sent' when clock = 'paused' then 'paused' when due is null then 'undated'
        when due < cast(today as date) then 'overdue' when due <= cast(soon as date) then 'soon'
        when due <= cast(next as date) then 'next' else 'later' end;

-- Whether a closed request was answered in time. What was closed while its clock stood still had time left; what has no
-- period is not measured.
create macro due_kept(sent, closed, clock, due, over_at) as
    case when due is null and clock = 'paused' then 'in_time' when due is null then 'unmeasured'
        when coalesce(sent, closed) < coalesce(over_at, cast(due as timestamp) + interval '1 day') then 'in_time'
        else 'late' end;
