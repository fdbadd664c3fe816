-- Who decided which person a case is about, and who added an address: they are no second person for what rests on it.
create table case_deciders (
    case_ref varchar not null,
    account_id varchar not null,
    decided_at timestamp not null
);
alter table reply_addresses add column added_by varchar;
-- What was decided and added before stands in the log.
insert into case_deciders (case_ref, account_id, decided_at)
select l.case_ref, a.id, l.happened_at from audit l join accounts a on a.actor_ref = l.actor_ref
where l.act = 'case.person' and l.outcome = 'done' and l.case_ref is not null;
update reply_addresses set added_by = (
    select max(a.id) from audit l join accounts a on a.actor_ref = l.actor_ref
    where l.act = 'address.add' and l.outcome = 'done' and l.object_id = reply_addresses.id
);
