-- What moves a clock besides questions: extensions and fees of a request.

-- part: fee
id, request_id, case_ref, state, ground, facts, evidence, circumstances, costs, currency, letter_id, prepared_by, prepared_at,
    announced_on, reply_by, outcome, outcome_on, outcome_by, version

-- part: extension
id, request_id, case_ref, state, grounds, facts, until, letter_id, prepared_by, prepared_at, told_on, version

-- name: extension
select {extension} from extensions where request_id = $request_id;

-- name: extension_by_id
select {extension} from extensions where id = $id;

-- name: extension_of_letter
select id, request_id, case_ref, state, letter_id, told_on, version
from extensions where letter_id = $letter_id;

-- name: add_extension
insert into extensions (id, request_id, case_ref, state, grounds, facts, until, letter_id, prepared_by, prepared_at,
    version)
values ($id, $request_id, $case_ref, 'prepared', $grounds, $facts, $until, $letter_id, $prepared_by, $prepared_at, 1);

-- name: renew_extension
update extensions set state = 'prepared', grounds = $grounds, facts = $facts, until = $until, letter_id = $letter_id,
    prepared_by = $prepared_by, prepared_at = $prepared_at, version = version + 1
where id = $id and version = $version and told_on is null;

-- name: stand_extension
update extensions set state = $state, version = version + 1 where id = $id and version = $version and told_on is null;

-- name: told_extension
update extensions set told_on = $told_on, version = version + 1 where id = $id and version = $version and told_on is null;

-- name: extension_told
select told_on, until from extensions where request_id = $request_id and told_on is not null;

-- name: fees_announced
select announced_on, outcome, outcome_on from fees
where request_id = $request_id and ground <> 'further_copies' and announced_on is not null
    and (outcome is null or outcome <> 'waived')
order by announced_on, id;

-- name: fees
select {fee} from fees where request_id = $request_id order by prepared_at, id;

-- name: fee
select {fee} from fees where id = $id;

-- name: fee_of_letter
select id, request_id, case_ref, state, costs, currency, letter_id, announced_on, reply_by, version
from fees where letter_id = $letter_id;

-- name: add_fee
insert into fees (id, request_id, case_ref, state, ground, facts, evidence, circumstances, costs, currency, letter_id,
    prepared_by, prepared_at, reply_by, version)
values ($id, $request_id, $case_ref, 'prepared', $ground, $facts, $evidence, $circumstances, $costs, $currency, $letter_id,
    $prepared_by, $prepared_at, $reply_by, 1);

-- name: renew_fee
update fees set ground = $ground, facts = $facts, evidence = $evidence, circumstances = $circumstances, costs = $costs,
    currency = $currency, letter_id = $letter_id, prepared_by = $prepared_by, prepared_at = $prepared_at, reply_by = $reply_by,
    version = version + 1
where id = $id and version = $version and state = 'prepared';

-- name: announced_fee
update fees set state = 'announced', announced_on = $announced_on, version = version + 1
where id = $id and version = $version and state = 'prepared';

-- name: end_fee
update fees set state = 'ended', outcome = $outcome, outcome_on = $outcome_on, outcome_by = $outcome_by,
    version = version + 1
where id = $id and version = $version and state <> 'ended';

-- name: answered_before
select r.id, r.sent_at, r.plan_id, r.case_ref
from requests r join cases c on c.case_ref = r.case_ref
where c.subject_ref = $subject_ref and r.kind = $kind and r.id <> $request_id and r.sent_at is not null
    and r.closing in ('fulfilled', 'partly_fulfilled') and r.sent_at <= cast($before as timestamp)
order by r.sent_at desc limit 5;

-- name: add_all_extensions
insert into extensions (
    id, request_id, case_ref, state, grounds, facts, until, letter_id, prepared_by, prepared_at, told_on, version
)
select id, request_id, case_ref, state, grounds, facts, until, letter_id, prepared_by, prepared_at, told_on, version
from incoming;
