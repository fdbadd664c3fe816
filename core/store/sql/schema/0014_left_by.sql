-- By which way a fetched package left: download, link, archive or print. For what left before, the log and the ways
-- out tell.
alter table packages add column left_by varchar;

update packages set left_by = case
    when id in (select object_id from audit where act = 'print.fetch' and outcome = 'done' and object_kind = 'package')
        then 'print'
    else coalesce((select min(w.way) from ways_out w where w.package_id = packages.id and w.state = 'fetched'), 'download')
end
where state = 'fetched';
