-- name: candidates
-- The people who resemble what is asked most, for core.matching.scores.rank to weigh exactly: one scan, no index, every
-- parameter but $top optional. Points follow the weights there; a field missing on either side gives none. Name and
-- address are compared as they stand and with their first or last word moved, which finds swapped names.
select
    subject_ref, customer_id, given_name, family_name, birth_date, address, city, postcode, country, language,
    name_key, address_key, city_key, postcode_key
from profiles
order by
    case when name_key <> '' and cast($name_key as varchar) <> '' then
        4.0 * greatest(
            jaro_winkler_similarity(name_key, cast($name_key as varchar)),
            jaro_winkler_similarity(name_key, regexp_replace(cast($name_key as varchar), '^(.*) ([^ ]+)$', '\2 \1')),
            jaro_winkler_similarity(name_key, regexp_replace(cast($name_key as varchar), '^([^ ]+) (.*)$', '\2 \1'))
        ) else 1.6 end
    + case
        when birth_date is null or cast($birth_date as date) is null then 0.6
        when birth_date = cast($birth_date as date) then 3.0
        when hamming(strftime(birth_date, '%Y%m%d'), strftime(cast($birth_date as date), '%Y%m%d')) <= 1 then 2.0
        when strftime(birth_date, '%Y%d%m') = strftime(cast($birth_date as date), '%Y%m%d') then 2.0
        when damerau_levenshtein(strftime(birth_date, '%Y%m%d'), strftime(cast($birth_date as date), '%Y%m%d')) <= 1
            then 2.0
        else 0 end
    + case when address_key <> '' and cast($address_key as varchar) <> '' then
        3.0 * greatest(
            jaro_winkler_similarity(address_key, cast($address_key as varchar)),
            jaro_winkler_similarity(address_key, regexp_replace(cast($address_key as varchar), '^[^ ]+ (.*)$', '\1'))
        ) else 1.4 end
    + case when postcode_key <> '' and cast($postcode_key as varchar) <> '' then
        1.5 * jaro_similarity(postcode_key, cast($postcode_key as varchar)) else 0.6 end
    + case when city_key <> '' and cast($city_key as varchar) <> '' then
        1.5 * jaro_winkler_similarity(city_key, cast($city_key as varchar)) else 0.6 end
    desc,
    subject_ref
limit coalesce(cast($top as integer), 200);
