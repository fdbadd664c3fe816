import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.law.errors import Invalid
from core.matching.normal_forms import KINDS, normal

SENTENCES = {
    "The e-mail address is empty.",
    "The e-mail address is longer than 254 characters.",
    "The e-mail address holds characters that cannot be seen; type it anew.",
    "An e-mail address has the form name@example.com, without blanks or brackets.",
    "The part before the @ of an e-mail address has at most 64 characters.",
    "The part after the @ is not the name of a domain.",
}
ANY = st.text(max_size=40)
NEAR_EMAIL = st.builds(
    "{}@{}.{}".format,
    st.text(min_size=1, max_size=12),
    st.text(min_size=1, max_size=12),
    st.sampled_from(["de", "рф", "Com."]),
)
NEAR_PHONE = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "+", "00", "0", "+49 ", "+39 0", "+54 9", "+52 1", "(0)", "+1 "]),
    st.text(alphabet="0123456789 -()/٣", max_size=16),
    st.sampled_from(["", " ext 12", ";ext=007", "x0"]),
)


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("jo@example.com", "jo@example.com"),
        ("  Jo@Example.COM.\t\r\n", "jo@example.com"),
        ("\u00a0jo@example.com\u3000", "jo@example.com"),
        ("jo+news@example.com", "jo+news@example.com"),
        ("j.o@example.com", "j.o@example.com"),
        ("jo@faß.example", "jo@xn--fa-hia.example"),
        ("jo@XN--FA-HIA.example", "jo@xn--fa-hia.example"),
        ("jo@bücher.example", "jo@xn--bcher-kva.example"),
        ("jo@BÜCHER.example", "jo@xn--bcher-kva.example"),
        ("jo@ｅｘａｍｐｌｅ。com", "jo@example.com"),
        ("jo@mail_host.example.com", "jo@mail_host.example.com"),
        ("zoe\u0308@example.com", "zo\u00eb@example.com"),
    ],
)
def test_spellings_of_one_address(typed, form):
    assert normal("email", typed) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x@faß.de", "x@fass.de"),
        ("İAN@example.com", "ian@example.com"),
        ("straße@example.com", "strasse@example.com"),
        ("Ä@example.com", "ä@example.com"),
        ("\u0430nna@example.com", "anna@example.com"),
        ("jo@ex\u0430mple.com", "jo@example.com"),
        ("\ufb01ona@example.com", "fiona@example.com"),
        ("\uff4ao@example.com", "jo@example.com"),
        ("jo+a@example.com", "jo@example.com"),
        ("j.o@example.com", "jo@example.com"),
        ("jo@example.com", "jo@mail.example.com"),
        ("x@ΒΌΛΟΣ.example", "x@βόλοσ.example.com"),
    ],
)
def test_addresses_of_different_people_stay_apart(one, other):
    assert normal("email", one) != normal("email", other)


def test_final_sigma_is_a_domain_of_its_own():
    assert normal("email", "x@βόλος.example") != normal("email", "x@βόλοσ.example")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "jo",
        "@example.com",
        "jo@",
        "jo@localhost",
        "jo@example..com",
        "jo@.example.com",
        "jo@-a.com",
        "jo@example.com..",
        "jo@exa mple.com",
        "j o@example.com",
        "Jo <jo@example.com>",
        "a@b@example.com",
        "jo,x@example.com",
        "jo\u200b@example.com",
        "jo@exam\u200bple.com",
        "jo\u202e@example.com",
        "jo\x00@example.com",
        "jo\x1f",
        "\x1fjo@example.com",
        "jo\u00ad@example.com",
        "jo\u3164@example.com",
        "jo\ufe0f@example.com",
        "jo\ud800@example.com",
        "jo@xn--zz.com",
        "jo@xn--a.com",
        f"{'a' * 65}@example.com",
        f"jo@{'a' * 64}.com",
        "jo@" + "a." * 130 + "com",
        "a" * 5000,
        "jo@[127.0.0.1]",
    ],
)
def test_what_is_no_address_is_refused_with_a_fixed_sentence(typed):
    with pytest.raises(Invalid) as refused:
        normal("email", typed)
    assert refused.value.field == "email"
    assert str(refused.value).endswith(".")
    assert str(refused.value) in SENTENCES


@pytest.mark.parametrize(
    ("typed", "region", "form"),
    [
        ("030 1234567", "DE", "+49301234567"),
        ("(030) 123-45 67", "de", "+49301234567"),
        ("+49 (0)30 1234567", None, "+49301234567"),
        ("0049 30 1234567", "DE", "+49301234567"),
        ("+39 06 1234567", "DE", "+39061234567"),
        ("030 1234567", None, "0301234567"),
        ("030 1234567", "ZZ", "0301234567"),
        ("٠٣٠ ١٢٣٤٥٦٧", "DE", "+49301234567"),
        ("+49 30 1234567 ext. 12", None, "+49301234567;ext=12"),
        ("12345", "US", "12345"),
        ("030 1234567", "FR", "+33301234567"),
    ],
)
def test_spellings_of_one_telephone_number(typed, region, form):
    assert normal("phone", typed, region) == form


def test_extensions_are_different_people():
    assert normal("phone", "+49 30 1234567 ext 1") != normal("phone", "+49 30 1234567 ext 2")
    assert normal("phone", "+49 30 1234567 ext 1") != normal("phone", "+49 30 1234567")


@pytest.mark.parametrize(
    "typed", ["", "12", "call me", "+999 1234567", "+49 1", "030\u200b1234567", "1\x0023456", "1" * 2000]
)
def test_no_telephone_number_is_refused(typed):
    with pytest.raises(Invalid) as refused:
        normal("phone", typed, "DE")
    assert refused.value.field == "phone"
    assert not any(digit.isdigit() and digit in typed for digit in str(refused.value).replace("254", ""))


def test_customer_numbers_are_taken_as_the_company_gave_them():
    assert normal("customer_id", " C-00123 ") == "C-00123"
    assert normal("customer_id", "c-00123") != normal("customer_id", "C-00123")
    assert normal("customer_id", "00123") != normal("customer_id", "123")


def test_device_numbers_fold_only_what_is_known_to_be_hexadecimal():
    uuid = "6D92078A-8246-4BA4-AE5B-76104861E7DC"
    assert normal("device_id", uuid) == normal("device_id", uuid.lower().replace("-", ""))
    assert normal("device_id", "00-1A-2B-3C-4D-5E") == "00:1a:2b:3c:4d:5e"
    assert normal("device_id", "Phone-A") != normal("device_id", "phone-a")


def test_national_numbers_lose_separators_and_no_sign_that_tells_people_apart():
    assert normal("national_id", "12 34.56-789 a") == "123456789A"
    assert normal("national_id", "131052+308T") != normal("national_id", "131052-308T")
    with pytest.raises(Invalid):
        normal("national_id", " - . / ")


def test_an_unknown_kind_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        normal("shoe_size", "42")


@given(
    st.sampled_from(KINDS),
    st.one_of(ANY, NEAR_EMAIL, NEAR_PHONE),
    st.sampled_from([None, "DE", "IT", "AR", "MX", "US"]),
)
def test_the_form_of_a_form_is_itself(kind, text, region):
    try:
        form = normal(kind, text, region)
    except Invalid:
        return
    assert normal(kind, form, region) == form
    assert normal(kind, f" {text}\n", region) == form
