-- A mail is kept whole: its own date, the messages attached to it, what of it is not shown, and the original byte for byte.
alter table messages add column sent_at timestamp;
alter table messages add column arrived_at timestamp;
alter table messages add column within varchar;
alter table messages add column remarks blob;
alter table attachments add column original boolean;
