-- Restores that were tried on an empty folder, and what came of them.

-- name: add
insert into drills (id, backup, made_at, done_at, milliseconds, entries, people, erased_again, stopped_again, trouble)
values ($id, $backup, $made_at, $now, $milliseconds, $entries, $people, $erased_again, $stopped_again, $trouble);

-- name: last
select id, backup, made_at, done_at, milliseconds, entries, people, erased_again, stopped_again, trouble
from drills order by done_at desc, id desc limit 1;

-- name: people
select count(*) as people from profiles;
