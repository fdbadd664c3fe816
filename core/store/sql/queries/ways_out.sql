-- Ways out of a package: made by its handler, their secrets shown once each, ended once.

-- name: add
insert into ways_out (id, way, request_id, case_ref, package_id, address_id, state, made_at, made_by, expires_at,
    channel, secret_channel, passphrase, wrong_codes, version)
values ($id, $way, $request_id, $case_ref, $package_id, $address_id, 'waiting', $made_at, $made_by, $expires_at,
    $channel, $secret_channel, $passphrase, 0, 1);

-- name: one
select id, way, request_id, case_ref, package_id, address_id, state, made_at, made_by, expires_at, channel,
    secret_channel, token_hash, code_hash, passphrase, wrong_codes, shown_at, secret_shown_at, passed_at, passed_by,
    secret_passed_at, secret_passed_by, fetched_at, end_reason, mail_id, mail_state, mail_asked_by, mail_token, version
from ways_out where id = $id;

-- name: by_token
select id, state, expires_at from ways_out where token_hash = $token_hash;

-- name: of_request
select w.id, w.way, w.package_id, w.address_id, w.state, w.made_at, w.expires_at, w.channel, w.secret_channel, w.wrong_codes,
    w.shown_at, w.secret_shown_at, w.passed_at, w.passed_by, w.secret_passed_at, w.secret_passed_by, w.fetched_at,
    w.end_reason, w.mail_state, w.mail_trouble, p.state as package_state, t.attempt as mail_tries,
    t.not_before as mail_next, t.state as mail_task
from ways_out w join packages p on p.id = w.package_id left join tasks t on t.object_id = w.mail_id
where w.request_id = $request_id order by w.made_at desc, w.id desc;

-- name: waiting
select id, way, expires_at from ways_out where package_id = $package_id and state = 'waiting';

-- name: used
select way, passed_at, secret_passed_at from ways_out where package_id = $package_id and state = 'fetched';

-- name: show
update ways_out set shown_at = $now, token_hash = $token_hash, version = version + 1
where id = $id and state = 'waiting' and shown_at is null and version = $version;

-- name: of_mail
select id from ways_out where mail_id = $mail_id;

-- name: ask_mail
update ways_out set mail_id = $mail_id, mail_state = 'waiting', mail_asked_by = $account_id, mail_trouble = null,
    version = version + 1
where id = $id and state = 'waiting' and shown_at is null and version = $version;

-- name: keep_mail_token
update ways_out set mail_token = $token where id = $id;

-- name: mailed
update ways_out set mail_state = 'sent', mail_token = null, passed_at = coalesce(passed_at, $now),
    passed_by = coalesce(passed_by, mail_asked_by), channel = 'email', version = version + 1
where id = $id and version = $version;

-- name: unmail
-- Who is told that a mail did not leave must be able to rely on it: the link is void, whatever may still arrive.
update ways_out set mail_state = 'refused', mail_token = null, mail_trouble = $trouble, shown_at = null,
    token_hash = null, version = version + 1
where id = $id and version = $version;

-- name: mail
select w.mail_state, w.version, t.attempt as mail_tries
from ways_out w left join tasks t on t.object_id = w.mail_id where w.id = $id;

-- name: show_code
update ways_out set secret_shown_at = $now, code_hash = $code_hash, version = version + 1
where id = $id and state = 'waiting' and secret_shown_at is null and version = $version;

-- name: show_passphrase
update ways_out set secret_shown_at = $now, passphrase = $passphrase, version = version + 1
where id = $id and state <> 'ended' and secret_shown_at is null and version = $version;

-- name: wrong_code
update ways_out set wrong_codes = wrong_codes + 1, version = version + 1
where id = $id and state = 'waiting' and version = $version;

-- name: fetched
-- A link that was opened had arrived, also where its mail is not recorded as sent yet.
update ways_out set state = 'fetched', fetched_at = $now, passphrase = $passphrase, mail_token = null,
    mail_state = case when mail_state = 'waiting' then 'arrived' else mail_state end, version = version + 1
where id = $id and state = 'waiting' and version = $version;

-- name: passed
update ways_out set passed_at = $now, passed_by = $account_id, channel = $channel, version = version + 1
where id = $id and passed_at is null and version = $version;

-- name: secret_passed
update ways_out set secret_passed_at = $now, secret_passed_by = $account_id, secret_channel = $channel,
    version = version + 1
where id = $id and secret_passed_at is null and version = $version;

-- name: end
update ways_out set state = 'ended', ended_at = $now, ended_by = $account_id, end_reason = $reason, passphrase = null,
    mail_token = null, version = version + 1
where id = $id and state = 'waiting' and version = $version;

-- name: end_all
update ways_out set state = 'ended', ended_at = $now, ended_by = $account_id, end_reason = $reason, passphrase = null,
    mail_token = null, version = version + 1
where package_id = $package_id and state = 'waiting' and id <> $but;

-- name: handed
update ways_out set shown_at = $now where id = $id;
