-- The further requests of its case that a letter is about, beside the one it was drafted from.
create table letter_requests (letter_id varchar not null, request_id varchar not null, case_ref varchar not null,
    primary key (letter_id, request_id));
