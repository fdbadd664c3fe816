-- The team of an account: the board tells figures by it.
create table account_teams (account_id varchar not null, team varchar not null, primary key (account_id));
