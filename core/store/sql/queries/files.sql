-- The files beside the store: what must stand in them, noted in the transaction that needs it.

-- name: add_key
insert into key_rows (kind, owner, digest) values ($kind, $owner, $digest);

-- name: add_keys
insert into key_rows (kind, owner, digest) select kind, owner, digest from incoming;

-- name: keys_lacking
-- Those whose digest is not among the incoming ones: that of each key which stands, and of each which was destroyed.
select kind, owner, digest from key_rows where not exists (select 1 from incoming i where i.digest = key_rows.digest);

-- name: count_keys
select count(*) as keys from key_rows;

-- name: add_mark
insert into ledger_marks (entries, seal) values ($entries, $seal);

-- name: last_mark
select entries, seal from ledger_marks order by entries desc limit 1;

-- name: forget_marks
delete from ledger_marks;

-- name: cases
select case_ref from cases;
