-- A link that goes by mail: asked for by its handler, sent by the worker. Until the mail has left, the link lies here
-- sealed with the case's key, so that a try that is repeated sends the same link.
alter table ways_out add column mail_id varchar;
alter table ways_out add column mail_state varchar;
alter table ways_out add column mail_asked_by varchar;
alter table ways_out add column mail_token blob;
alter table ways_out add column mail_trouble varchar;
