-- Every approval is of a thing: its kind, its id and the hash that binds it; a package also of the address it goes to.
-- `words_under` is the name of the table under which the words were encrypted.
create table approvals_of_things (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    thing varchar not null,
    thing_id varchar not null,
    hash varchar not null,
    address_id varchar,
    asked_by varchar not null,
    asked_at timestamp not null,
    approver_id varchar not null,
    deputy_id varchar,
    deputy_from timestamp,
    decision varchar,
    decided_by varchar,
    decided_role varchar,
    decided_at timestamp,
    words blob,
    words_under varchar not null
);

insert into approvals_of_things
select a.id, a.request_id, a.case_ref, 'package', a.package_id, a.package_sha256, a.address_id, a.asked_by, a.asked_at,
    a.approver_id, a.deputy_id, a.deputy_from, a.decision, a.decided_by, null, a.decided_at, a.words, 'approvals'
from approvals a where a.package_id is not null;

-- What was asked for was the newest plan of its day; a refusal is a plan that touches no system.
insert into approvals_of_things
select a.id, a.request_id, a.case_ref, case when p.verb = 'refuse' then 'refusal' else 'plan' end, coalesce(p.id, ''),
    a.plan_hash, null, a.asked_by, a.asked_at, a.approver_id, a.deputy_id, a.deputy_from, a.decision, a.decided_by, null,
    a.decided_at, a.words, 'approvals'
from approvals a left join (
    select a.id as approval_id, arg_max(p.id, (p.made_at, p.id)) as plan_id
    from approvals a join plans p on p.request_id = a.request_id and p.made_at <= a.asked_at group by a.id
) newest on newest.approval_id = a.id left join plans p on p.id = newest.plan_id
where a.package_id is null;

insert into approvals_of_things
select id, request_id, case_ref, 'letter', letter_id, letter_hash, null, asked_by, asked_at, approver_id, deputy_id,
    deputy_from, case state when 'asked' then null when 'returned' then 'given_back' else state end, decided_by, decided_role,
    decided_at, words, 'letter_approvals'
from letter_approvals;

insert into approvals_of_things
select id, request_id, case_ref, 'extension', id, coalesce(letter_hash, ''), null, asked_by, asked_at, approver_id,
    deputy_id, deputy_from, case state when 'asked' then null when 'prepared' then 'given_back' else state end, decided_by,
    null, decided_at, words, 'extensions'
from extensions where asked_by is not null and (state = 'asked' or decided_by is not null);

drop table approvals;
drop table letter_approvals;
alter table approvals_of_things rename to approvals;
alter table extensions drop column letter_hash;
alter table extensions drop column asked_by;
alter table extensions drop column asked_at;
alter table extensions drop column approver_id;
alter table extensions drop column deputy_id;
alter table extensions drop column deputy_from;
alter table extensions drop column decided_by;
alter table extensions drop column decided_at;
alter table extensions drop column words;
