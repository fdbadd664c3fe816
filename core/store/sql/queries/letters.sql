-- Letters of a case: drafted, edited, printed, marked as sent.

-- part: columns
id, case_ref, request_id, kind, language, drafted_at, drafted_by, body, passages, address_id, pdf_sha256, sent_at,
    sent_by, sent_channel, came_back_at

-- name: add
insert into letters (id, case_ref, request_id, kind, language, drafted_at, drafted_by, body, passages, address_id)
values ($id, $case_ref, $request_id, $kind, $language, $drafted_at, $drafted_by, $body, $passages, $address_id);

-- name: one
select {columns}, pdf
from letters where id = $id;

-- name: of_case
select {columns}
from letters where case_ref = $case_ref order by drafted_at, id;

-- name: save
update letters set body = $body, pdf = null, pdf_sha256 = null where id = $id and sent_at is null;

-- name: redraft
update letters set body = $body, passages = $passages, language = $language, pdf = null, pdf_sha256 = null where id = $id and sent_at is null;

-- name: printed
update letters set pdf = $pdf, pdf_sha256 = $pdf_sha256 where id = $id and sent_at is null;

-- name: sent
update letters set sent_at = $sent_at, sent_by = $sent_by, sent_channel = $sent_channel
where id = $id and sent_at is null;

-- name: tell_of
insert into letter_requests (letter_id, request_id, case_ref) values ($letter_id, $request_id, $case_ref);

-- name: told_of
select letter_id, request_id from letter_requests where case_ref = $case_ref order by letter_id, request_id;

-- name: forget_told_of
delete from letter_requests where letter_id = $letter_id;

-- name: discard
delete from letters where id = $id and sent_at is null;

-- name: sent_of_request
select {columns} from letters
where request_id = $request_id and kind = $kind and sent_at is not null and came_back_at is null
order by drafted_at desc, id desc;

-- name: sent_of_case
select id from letters where case_ref = $case_ref and kind = $kind and sent_at is not null;

-- name: add_all
insert into letters (
    id, case_ref, request_id, kind, language, drafted_at, drafted_by, body, passages, address_id, sent_at, sent_by,
    sent_channel
)
select id, case_ref, request_id, kind, language, drafted_at, drafted_by, body, passages, address_id, sent_at, sent_by,
    sent_channel
from incoming;
