-- Whether a question about the scope was asked because a large quantity of data about the person is processed (Recital 63);
-- the form asked for such facts before too. And whether what came on the day of the answer was enough.
alter table pauses add column large_quantity boolean;
alter table pauses add column enough boolean;
update pauses set large_quantity = true where kind = 'clarification';
