-- Which request a message opened or joined, and how many addresses and numbers it stopped at once.
create table message_rights (
    message_id varchar not null,
    case_ref varchar not null,
    request_id varchar not null,
    kind varchar not null,
    opened boolean not null,
    stopped integer not null
);
