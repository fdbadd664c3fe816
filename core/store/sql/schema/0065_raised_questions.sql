-- What a withdrawal or an objection left without a legal ground (Article 17(1)(b), (c)): put when the right had its effect,
-- answered once. `tables` names system.table of the catalogue, `purposes` the uses that ended, each separated by blanks.
create table raised_questions (
    id varchar not null,
    request_id varchar not null,
    case_ref varchar not null,
    ground varchar not null,
    tables varchar not null,
    purposes varchar not null,
    put_at timestamp not null,
    becomes varchar,
    reasons blob,
    opened_id varchar,
    answered_by varchar,
    answered_at timestamp,
    version bigint not null
);
