-- Accounts, their roles and one-time tokens.

-- part: in_force
r.ended_at is null and r.valid_from <= $now and (r.valid_until is null or $now < r.valid_until)

-- part: standing
case when ended_at is not null or (valid_until is not null and valid_until <= $now) then 'ended'
    when valid_from is null then 'proposed' else 'active' end

-- part: account
id, actor_ref, sign_in_name, name, password_hash, totp_seed, totp_last_step, made_by, disabled_at

-- name: count
select count(*) as accounts from accounts;

-- name: add
insert into accounts (id, actor_ref, sign_in_name, name, password_hash, made_at, made_by)
values ($id, $actor_ref, $sign_in_name, $name, cast($password_hash as varchar), $now, $made_by);

-- name: all
select id, name, sign_in_name, made_by, disabled_at, last_sign_in_at, password_hash is not null as has_password,
    totp_seed is not null and totp_last_step is not null as has_codes
from accounts order by name, id;

-- name: teams
-- Whose team is which, of enabled accounts.
select t.account_id, t.team from account_teams t join accounts a on a.id = t.account_id
where a.disabled_at is null order by t.team, t.account_id;

-- name: every_team
select account_id, team from account_teams;

-- name: leave_team
delete from account_teams where account_id = $account_id;

-- name: join_team
insert into account_teams (account_id, team) values ($account_id, $team);

-- name: by_id
select {account} from accounts where id = $id;

-- name: by_sign_in_name
select {account} from accounts where sign_in_name = $sign_in_name;

-- name: set_password
update accounts set password_hash = $password_hash where id = $id and disabled_at is null;

-- name: signed_in
update accounts set last_sign_in_at = $now where id = $id and disabled_at is null and password_hash = $password_hash;

-- name: disable
update accounts set disabled_at = $now where id = $id and disabled_at is null;

-- name: put_seed
update accounts set totp_seed = cast($seed as blob), totp_last_step = null where id = $id;

-- name: use_step
update accounts set totp_last_step = $step
where id = $id and totp_seed is not null and (totp_last_step is null or totp_last_step < $step);

-- name: roles
select r.role, r.valid_until from account_roles r where r.account_id = $account_id and {in_force} order by r.role;

-- name: all_roles
select id, account_id, role, proposed_by, confirmed_by, valid_from, valid_until, ended_at, alone,
    {standing} as standing
from account_roles order by account_id, proposed_at, id;

-- name: roles_of
select id, role, valid_from, valid_until, ended_at, {standing} as standing
from account_roles where account_id = $account_id order by proposed_at, id;

-- name: role
select r.id, r.account_id, r.role, r.proposed_by, r.proposed_at, r.valid_from, r.valid_until, r.ended_at, a.made_by,
    a.disabled_at
from account_roles r join accounts a on a.id = r.account_id where r.id = $id;

-- name: add_role
insert into account_roles (id, account_id, role, proposed_by, proposed_at, confirmed_by, valid_from, valid_until, alone)
values ($id, $account_id, $role, $proposed_by, $now, cast($confirmed_by as varchar), cast($valid_from as timestamp),
    cast($valid_until as timestamp), $alone);

-- name: confirm_role
update account_roles set confirmed_by = $confirmed_by, valid_from = $now
where id = $id and valid_from is null and ended_at is null;

-- name: end_role
update account_roles set ended_at = $now, ended_by = $ended_by where id = $id and ended_at is null;

-- name: end_other_roles
update account_roles set ended_at = $now, ended_by = $ended_by
where account_id = $account_id and role = $role and id <> $id and valid_from is not null and ended_at is null;

-- name: shorten_role
update account_roles set valid_until = $valid_until
where id = $id and ended_at is null and (valid_until is null or valid_until > $valid_until);

-- name: ever_held
select r.role, count(distinct r.account_id) as accounts
from account_roles r where r.valid_from is not null group by r.role;

-- name: other_administrators
select count(distinct r.account_id) as accounts from account_roles r join accounts a on a.id = r.account_id
where r.role = 'administrator' and r.account_id <> $account_id and r.ended_at is null and r.valid_from <= $now
    and r.valid_until is null and a.disabled_at is null;

-- name: holders
select a.id, a.name, r.role from accounts a join account_roles r on r.account_id = a.id
where a.disabled_at is null and {in_force}
order by a.name, a.id;

-- name: add_token
insert into sign_in_tokens (token_hash, account_id, purpose, valid_until)
values ($token_hash, cast($account_id as varchar), $purpose, $valid_until);

-- name: token
select account_id, purpose from sign_in_tokens
where token_hash = $token_hash and used_at is null and $now < valid_until;

-- name: use_token
update sign_in_tokens set used_at = $now where token_hash = $token_hash and used_at is null and $now < valid_until;

-- name: void_tokens
update sign_in_tokens set used_at = $now where account_id = $account_id and used_at is null;

-- name: void_bootstrap
update sign_in_tokens set used_at = $now where account_id is null and used_at is null;

-- name: holding
select role from account_roles
where account_id = $account_id and role in (select unnest(cast($roles as varchar[]))) and valid_from is not null
    and ended_at is null and (valid_until is null or valid_until > cast($now as timestamp))
    and account_id not in (select id from accounts where disabled_at is not null);
