-- Who is away, who stands in, and when the desk is shut.

-- name: absences
-- Those that end on a day or after it; nobody stands in with an account that is disabled.
select id, account_id, first_day, last_day, entered_by, entered_at,
    (select d.id from accounts d where d.id = absences.deputy_id and d.disabled_at is null) as deputy_id
from absences where last_day >= cast($since as date) order by first_day, id;

-- name: absence
select id, account_id, first_day, last_day, deputy_id, entered_by, entered_at from absences where id = $id;

-- name: enter_absence
insert into absences (id, account_id, first_day, last_day, deputy_id, entered_by, entered_at)
values ($id, $account_id, $first_day, $last_day, $deputy_id, $entered_by, $now);

-- name: end_absence
update absences set last_day = $last_day where id = $id and last_day > $last_day;

-- name: forget_absence
delete from absences where id = $id;

-- name: forget_absences
delete from absences where last_day < cast($before as date);

-- name: closures
select id, first_day, last_day, entered_by, entered_at from closure_days
where last_day >= cast($since as date) order by first_day, id;

-- name: enter_closure
insert into closure_days (id, first_day, last_day, entered_by, entered_at)
values ($id, $first_day, $last_day, $entered_by, $now);

-- name: forget_closure
delete from closure_days where id = $id;

-- name: open_of_owners
-- How many open requests each owner has.
select owner_id, count(*) as number from requests where state <> 'closed' and owner_id is not null
group by owner_id order by owner_id;
