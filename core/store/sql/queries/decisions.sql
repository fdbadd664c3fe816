-- Decisions as records: written with the act that decides, read by the request they concern.

-- part: columns
id, case_ref, request_id, act, item, granted, outcome, article, rule, profile, inputs, sentence, words,
    actor_ref, decided_at

-- name: add_all
insert into decisions ({columns}) select {columns} from incoming order by id;

-- name: add_refused
-- A use that is refused leaves its record once a person and act, however often it is tried.
insert into decisions (id, case_ref, request_id, act, item, granted, outcome, article, rule, profile, inputs, sentence,
    actor_ref, decided_at)
select $id, $case_ref, $request_id, $act, $item, $granted, $outcome, $article, $rule, $profile, $inputs, $sentence,
    $actor_ref, $decided_at
where not exists (
    select 1 from decisions d
    where d.request_id = $request_id and d.act = $act and d.rule = $rule and d.outcome = $outcome
        and d.actor_ref = $actor_ref
);

-- name: of_request
select d.id, d.case_ref, d.request_id, d.act, d.item, d.granted, d.outcome, d.article, d.rule, d.profile, d.inputs,
    d.sentence, d.words, d.actor_ref, d.decided_at, a.name as actor_name
from decisions d left join accounts a on a.actor_ref = d.actor_ref
where d.request_id = $request_id order by d.decided_at, d.id;
