-- Which request was closed as a duplicate of which: the first one's clock counts, and its file shows the others.
create table duplicates (request_id varchar not null, case_ref varchar not null, first_id varchar not null);
