"""What every page sends besides its contents (SEC-2): a strict policy, no inline script, no way to other sites."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.test import Client

from kanal.core import registry
from kanal.core.actor import Actor
from kanal.features.comments.actions import say
from tests.urls.addresses import pages
from tests.urls.conftest import ids, url_of

__all__ = ["ids"]
STYLE = re.compile(r"\s*(--[a-z-]+:\s*[#\w.%-]+(;\s*|$))+|\s*(width|height):\s*[\d.]+%;?\s*")
ELSEWHERE = re.compile(r"^(https?:)?//", re.IGNORECASE)
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "video": "src", "object": "data"}


class Reader(HTMLParser):
    """Collects what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        given = dict(attrs)
        kind = given.get("type") or ""
        if tag == "script" and "src" not in given and not kind.endswith("json") and not given.get("nonce"):
            self.wrong.append("an inline script")
        if tag in ("style", "base", "object", "embed", "iframe"):
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith(("on", "hx-on", "x-on", "@")):
                self.wrong.append(f"{tag} {name}")
            if name == "style" and not STYLE.fullmatch(value or ""):
                self.wrong.append(f"{tag} style={value}")
            if (value or "").strip().lower().startswith(("javascript:", "data:text", "vbscript:")):
                self.wrong.append(f"{tag} {name}={value}")
        address = given.get(LOADING.get(tag, ""), "") or ""
        if ELSEWHERE.match(address):
            self.wrong.append(f"{tag} from {address}")


def wrong_in(html: str) -> list[str]:
    """List what a strict policy would refuse in a page."""
    reader = Reader()
    reader.feed(html)
    return reader.wrong


def answers(world: Any, ids: Any, client: Client) -> Any:
    """Ask for every address of the resolver: (address, answer)."""
    for address in pages():
        if not address.name.startswith(("account_reset_password_from_key", "account_confirm")):
            yield address, client.get(url_of(address, world, ids))


def test_every_page_has_a_strict_policy(world, browse, ids):
    """SEC-2: scripts by address or nonce, nothing from elsewhere, no frames; no inline script or handler."""
    count = 0
    for address, response in answers(world, ids, browse()):
        name = f"{address.name} {response.request['PATH_INFO']}"
        policy = response["Content-Security-Policy"]
        assert "unsafe-eval" not in policy, name
        assert "'unsafe-inline'" not in policy.replace("style-src-attr 'unsafe-inline'", ""), name
        assert "sandbox" in policy or ("frame-ancestors 'none'" in policy and "object-src 'none'" in policy), name
        assert response["X-Frame-Options"] == "DENY", name
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["Referrer-Policy"] == "same-origin", name
        if response["Content-Type"].startswith("text/html") and not response.streaming:
            count += 1
            assert wrong_in(response.content.decode()) == [], name
    assert count > 200


def test_private_pages_stay_out_of_caches(world, browse, ids):
    """SEC-2: whatever is answered to a signed-in user."""
    for address, response in answers(world, ids, browse("representative")):
        cache_control = response.get("Cache-Control", "")
        assert {"private", "no-store"} & set(re.split(r"[,\s]+", cache_control)), f"{address.name}: {cache_control}"


def test_api_answers_stay_out_of_caches(world, client):
    """SEC-2: a token's answers are nobody else's."""
    headers = {"Authorization": f"Bearer {world.tokens['representative']}"}
    assert "private" in client.get("/api/v1/leads", headers=headers)["Cache-Control"]


def test_every_form_asks_for_its_token(world, ids):
    """SEC-2: no address takes a POST from another site; the API takes none by a session."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.admin)
    for address in pages():
        url = url_of(address, world, ids)
        status = client.post(url).status_code
        assert status in (403, 404, 405), f"{address.name}: {status}"
    assert client.post("/api/v1/leads", "{}", content_type="application/json").status_code in (401, 403)
    assert client.delete(f"/api/v1/leads/{world.records['leads'].pk}").status_code in (401, 403)


OUTSIDE = (
    "https://evil.example/", "//evil.example/", "///evil.example", "\\\\evil.example", "/\\evil.example",
    "javascript:alert(1)", "https:evil.example", "http:///evil.example", "%2f%2fevil.example/..",
    "/\t/evil.example", "data:text/html,x", "/%0d%0aSet-Cookie:a=b", "https://testserver@evil.example/",
)  # fmt: skip


@pytest.mark.parametrize("wanted", OUTSIDE)
def test_nothing_leads_to_another_site(world, browse, wanted):
    """SEC-3: `next` of forms, verbs, deletions and of the sign-in."""
    lead = world.records["leads"]
    for url, data in (
        (f"/crm/leads/{lead.pk}/archive", {}),
        (f"/crm/leads/{lead.pk}/unarchive", {}),
        (f"/crm/leads/{lead.pk}/edit", {"subject": "x"}),
    ):
        check_stays(browse().post(url, {**data, "next": wanted}))
        check_stays(browse().post(f"{url}?next={wanted}", data))
    user = type(world.admin).objects.get(pk=world.admin.pk)
    user.set_password("a long and good secret")
    user.save(update_fields=["password"])
    given = {"login": world.admin.username, "password": "a long and good secret", "next": wanted}
    check_stays(Client().post("/login/", given))


def check_stays(response: Any) -> None:
    """Ask that an answer leads nowhere else."""
    target = response.get("Location", "/") or "/"
    plain = re.sub(r"[\t\r\n]", "", target).replace("\\", "/")
    there = urlsplit(urljoin("http://testserver/crm/leads/1/edit", plain))
    assert (there.scheme, there.hostname) == ("http", "testserver"), target
    assert "evil.example" not in response.get("HX-Redirect", "")
    assert "Set-Cookie: a=b" not in str(response.headers)


def test_another_host_is_refused(settings, world):
    """SEC-2: mails and addresses are never made from a header."""
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    assert Client(HTTP_HOST="evil.example").get("/login/").status_code == 400
    answer = Client(HTTP_X_FORWARDED_HOST="evil.example").get("/login/")
    assert "evil.example" not in answer.content.decode()
    answer = Client().post("/login/password/", {"email": world.admin.email}, HTTP_X_FORWARDED_HOST="evil.example")
    assert all("evil.example" not in message.body for message in mail.outbox)


SCRIPTS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", "<a href='jav&#x09;ascript:alert(1)'>x</a>", "<iframe srcdoc='<script>'>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>", "<details open ontoggle=alert(1)>",
    "<div style='background:url(javascript:alert(1))'>x</div>", "<base href='//evil.example/'>x",
    "<form action='//evil.example'><input name=p></form>x",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>x", "<a href='//evil.example' target=_blank>x</a>",
    "{{constructor.constructor('alert(1)')()}}", "<template><script>alert(1)</script></template>x",
)  # fmt: skip


def test_rich_text_is_harmless_wherever_it_is_shown(world, browse, call):
    """SEC-3: what comments hold: in the page, its form, the API, the timeline, search and the history."""
    lead = world.records["leads"]
    for text in SCRIPTS:
        say(registry.get("leads"), lead.pk, f"said {text}", by=Actor(world.admin))
    html = browse().get(lead.get_absolute_url()).content.decode()
    assert html.count("said") >= len(SCRIPTS)
    assert wrong_in(html) == []
    status, data = call("GET", f"/leads/{lead.pk}/comments")
    assert status == 200
    for item in data["items"]:
        assert wrong_in(item["text"]) == [], item["text"]
        edit = browse().get(f"/comments/{item['id']}/edit").content.decode()
        assert wrong_in(edit) == []


def test_plain_texts_are_shown_as_they_are(world, browse, call):
    """SEC-3: scripts in fields of every kind of text, in page, list, board, picker, search, history and export."""
    lead = world.records["leads"]
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>"
    fields = ("subject", "first_name", "last_name", "job_title", "company", "city", "description")
    status, data = call("PATCH", f"/leads/{lead.pk}", dict.fromkeys(fields, evil))
    assert status == 200, data
    list_url = "/crm/leads/data/?filter=&columns=subject,company,city,description,name&q=alert"
    urls = [f"/crm/leads/{lead.pk}/{end}" for end in ("", "edit", "history", "qualify", "delete", "?tab=intake")]
    urls += [list_url, "/crm/leads/kanban/", "/search?q=alert", "/crm/leads/", "/", f"/crm/leads/data/{lead.pk}/menu"]
    urls += [f"/crm/leads/data/?filter=company:contains({evil})", f"/crm/leads/data/?q={evil}", f"/search?q={evil}"]
    for url in urls:
        html = browse().get(url).content.decode()
        assert "<script>alert" not in html, url
        assert "<img src=x" not in html, url
        assert wrong_in(html) == [], url
