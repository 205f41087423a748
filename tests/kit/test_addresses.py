"""E-mail addresses, domains and phone numbers."""

import pytest

from kanal.kit.addresses import domain_of, is_free_mail, normalize_email, normalize_website, own_domain
from kanal.kit.errors import Invalid
from kanal.kit.phones import match_key, normalize, written_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Kari@Example.NO ", "kari@example.no"),
        ("o'neil+tag@x.co.uk", "o'neil+tag@x.co.uk"),
        ("x@xn--bcher-kva.de", "x@bücher.de"),
        ("x@bücher.de", "x@bücher.de"),
        ("иван@пример.рф", "иван@пример.рф"),
        ("山田@例え.jp", "山田@例え.jp"),
    ],
)
def test_addresses_have_one_form(typed, stored):
    assert normalize_email(typed) == stored
    assert normalize_email(stored) == stored


@pytest.mark.parametrize(
    "typed",
    [
        *("", "x", "a@b", "a@b@c.no", "a..b@x.no", ".a@x.no", "a@-x.no", "a@x..no", "x@1.2.3.4", "a b@x.no"),
        *('"a b"@x.no', "a" * 65 + "@x.no", "a@" + "x" * 64 + ".no", "a@x.no\r\nBcc: z@z.no", "a,b@x.no"),
        *("a\u200bb@x.no", "a\u202eb@x.no", "a\u00adb@x.no", "\uff41@x.no", "a\0@x.no"),
        *("kari@\u0430pple.com", "k\u0430ri@apple.com", "x@\u0430\u0440\u0440\u04cf\u0435.com", "x@xn--80ak6aa92e.com"),
    ],
)
def test_what_is_no_address_or_deceives_is_refused(typed):
    with pytest.raises(Invalid):
        normalize_email(typed)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.Acme.no:8080/x", "acme.no"),
        ("a@b.no", "b.no"),
        ("acme.no", "acme.no"),
        ("www.x.com/a@b", "x.com"),
        ("https://xn--bcher-kva.de", "bücher.de"),
        ("localhost", ""),
        ("http://bad[", ""),
        ("10.0.0.1", ""),
        ("", ""),
    ],
)
def test_domains(text, domain):
    assert domain_of(text) == domain


def test_free_mail():
    assert [is_free_mail(domain) for domain in ("gmail.com", "Yahoo.fr", "hotmail.co.uk", "acme.no")] == [True] * 3 + [
        False
    ]


@pytest.mark.parametrize(
    ("typed", "region", "e164"),
    [
        ("22 33 44 55", "NO", "+4722334455"),
        ("+47 22-33-44-55", None, "+4722334455"),
        ("0044 (0)20 7946 0958", "no", "+442079460958"),
        ("tel:+420 601 123 456", None, "+420601123456"),
        ("\u202a+47 22 33 44 55\u202c", None, "+4722334455"),
    ],
)
def test_phones(typed, region, e164):
    phone = normalize(typed, region)
    assert phone.e164 == e164
    assert phone.display.startswith("+")
    assert match_key(typed, region) == e164


@pytest.mark.parametrize("typed", ["", "abc", "12", "1-800-FLOWERS", "22334455", "+" * 30, "9" * 60, "call 22334455"])
def test_what_is_no_phone_is_refused(typed):
    with pytest.raises(Invalid):
        normalize(typed)


def test_match_key_of_what_cannot_be_read():
    assert match_key("0022334455") == "22334455"
    assert match_key("123") == ""


def test_a_stored_number_is_written_for_people():
    """CF-1: groups of digits as the country writes them; what is no number stays as it is."""
    assert written_phone("+4722334455") == "+47 22 33 44 55"
    assert written_phone("ask at the desk") == "ask at the desk"


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.nordlys.co.uk/om", "nordlys.co.uk"),
        ("https://nordlys.github.io/x", "nordlys.github.io"),
        ("https://nordlys.wordpress.com", "nordlys.wordpress.com"),
        ("anna@xn--mnchen-3ya.de", "münchen.de"),
        ("https://MÜNCHEN.de", "münchen.de"),
        *((shared, "") for shared in ("facebook.com/x", "https://no.linkedin.com/company/x", "github.io", "co.uk")),
        *((shared, "") for shared in ("https://sites.google.com/view/x", "github.com/x", "x.wixsite.com/y")),
        *((shared, "") for shared in ("https://wordpress.com/x", "medium.com/@x", "linktr.ee/x", "a@gmail.com")),
    ],
)  # fmt: skip
def test_a_domain_is_a_company_s_own_unless_many_share_it(address, domain):
    """INTAKE-4: social networks, site builders, code hosts and public suffixes are nobody's."""
    assert own_domain(address) == domain


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://xn--mnchen-3ya.de:8080/A?b=Ä", "https://münchen.de:8080/A?b=Ä"),
        ("https://Ann:Pw@MÜNCHEN.de/Ä", "https://Ann:Pw@münchen.de/Ä"),
        ("https://faß.de", "https://faß.de"),
        ("https://xn--fa-hia.de", "https://faß.de"),
        ("https://xn--80ak6aa92e.com/", "https://xn--80ak6aa92e.com/"),
        ("https://Nordlys.example/Om", "https://nordlys.example/Om"),
    ],
)
def test_a_web_address_has_one_spelling(typed, stored):
    """Internationalized domains are written by their letters, unless these deceive the eye."""
    assert normalize_website(typed) == stored
    assert normalize_website(stored) == stored
