-- The store itself: its migrations and what kind of store it is.

-- name: make_migrations
create table if not exists migrations (name varchar not null, checksum varchar not null, applied_at timestamp not null);

-- name: applied
select name, checksum from migrations order by name;

-- name: record_migration
insert into migrations (name, checksum, applied_at) values ($name, $checksum, $applied);

-- name: facts
select name, fact from store_facts;

-- name: put_fact
insert into store_facts (name, fact) values ($name, $fact);

-- name: nothing
select 1 as one;

-- name: forget_fact
delete from store_facts where name = $name;
