-- What must stand in the files beside the store: each key it ever needed, and how far the ledger reached.
create table key_rows (
    kind varchar not null,
    owner varchar not null,
    digest blob not null
);
create table ledger_marks (
    entries bigint not null,
    seal blob not null
);
