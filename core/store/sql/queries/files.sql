-- The files beside the store: what must stand in them, noted in the transaction that needs it.

-- name: add_key
insert into key_rows (kind, owner, digest) values ($kind, $owner, $digest);

-- name: add_keys
insert into key_rows (kind, owner, digest) select kind, owner, digest from incoming;

-- name: keys
select kind, owner, digest from key_rows;

-- name: add_mark
insert into ledger_marks (entries, seal) values ($entries, $seal);

-- name: last_mark
select entries, seal from ledger_marks order by entries desc limit 1;

-- name: forget_marks
delete from ledger_marks;

-- name: cases
select case_ref from cases;
