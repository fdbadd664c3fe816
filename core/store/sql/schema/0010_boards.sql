-- The moment at which a request's last day is over where the controller is: on time is what was sent before it.
alter table requests add column due_end timestamp;
