-- Whether the person also asked who looked at their data: the package then says when and why (C-579/21).
alter table packages add column look_ups boolean;
