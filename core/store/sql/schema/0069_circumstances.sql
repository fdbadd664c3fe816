-- What shows that a request is manifestly unfounded or excessive, as codes; never the number of requests alone.
alter table fees add column circumstances varchar;
