"""The map of a list and of a record: with and without a tile server and a geocoding service (LIST-8, ACCT-7)."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from kanal.core.models import FieldVisibility
from kanal.core.settings import set_setting
from kanal.entities.accounts.tests.factories import make_account, make_user
from kanal.features.geocoding import jobs
from kanal.features.geocoding.models import GeocodedPlace
from kanal.features.geocoding.settings import GEOCODER, TILES

pytestmark = pytest.mark.django_db
URL = "/crm/accounts/map/"
KNOWN = {"Bergen, Norway": ("60.39", "5.32"), "Nowhere, Norway": None, "Broken": "no list"}


@pytest.fixture
def browser(client):
    client.force_login(make_user(user_type="administrator"))
    return client


class Geocoder(BaseHTTPRequestHandler):
    """A service that answers as Nominatim does."""

    asked: list[str] = []

    def do_GET(self):
        (text,) = parse_qs(urlsplit(self.path).query)["q"]
        self.asked.append(text)
        place = KNOWN.get(text)
        answer = place if isinstance(place, str) else [{"lat": place[0], "lon": place[1]}] if place else []
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args):
        """Stay silent."""


@pytest.fixture
def geocoder(monkeypatch):
    Geocoder.asked = []
    monkeypatch.setattr(jobs, "SECONDS_BETWEEN", 0)
    server = HTTPServer(("127.0.0.1", 0), Geocoder)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    set_setting(GEOCODER, f"http://127.0.0.1:{server.server_port}/search?q={{q}}")
    yield Geocoder
    server.shutdown()
    thread.join()
    server.server_close()


def test_without_a_tile_server_places_are_a_list_and_nothing_comes_from_outside(browser):
    for name in ("Nord", "Sør"):
        make_account(organization=name, city="Bergen", country="NO")
    make_account(organization="Vest", city="Malmö", country="SE")
    response = browser.get(URL)
    page = response.content.decode()
    assert "Norway" in page
    assert "Malmö" in page
    assert "data-map" not in page
    assert "map.css" not in page
    assert "tile" not in response["Content-Security-Policy"]
    assert 'href="https://www.google.com/maps/search/?api=1&amp;query=Bergen%2C%20Norway"' in page


def test_a_place_leads_to_its_records(browser):
    make_account(organization="Nord", city="Bergen", country="NO")
    make_account(organization="Vest", city="Malmö", country="SE")
    page = browser.get(URL).content.decode()
    link = page.split(">Bergen</a>")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    rows = browser.get(link).content.decode()
    assert "Nord" in rows
    assert "Vest" not in rows


def test_a_tile_server_opens_the_policy_on_maps_only(browser, geocoder):
    set_setting(TILES, "https://tiles.example:8443/{z}/{x}/{y}.png")
    make_account(organization="Nord", city="Bergen", country="NO")
    make_account(organization="Ny", city="Nowhere", country="NO")
    assert "being looked up" in browser.get(URL).content.decode()
    jobs.look_up_places(addresses=["Bergen, Norway", "Nowhere, Norway"])
    response = browser.get(URL)
    assert "https://tiles.example:8443" in response["Content-Security-Policy"]
    page = response.content.decode()
    assert 'data-tiles="https://tiles.example:8443/{z}/{x}/{y}.png"' in page
    markers = json.loads(page.split('id="map-markers" type="application/json">')[1].split("</script>")[0])
    assert [(marker["at"], marker["count"]) for marker in markers] == [([60.39, 5.32], 1)]
    assert "being looked up" not in page
    assert "tiles.example" not in browser.get("/crm/accounts/data/")["Content-Security-Policy"]


def test_places_are_asked_once(geocoder):
    for _run in range(2):
        jobs.look_up_places(addresses=["Bergen, Norway", "Nowhere, Norway"])
    assert geocoder.asked == ["Bergen, Norway", "Nowhere, Norway"]
    assert GeocodedPlace.objects.get(address="Nowhere, Norway").latitude is None


def test_a_wrong_answer_is_kept_for_nobody(geocoder):
    jobs.look_up_places(addresses=["Broken"])
    assert not GeocodedPlace.objects.exists()


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "https://x.example/tiles", "https://x.example/{z} 'unsafe'; *"]
)
def test_a_tile_server_that_is_none_is_refused(value):
    with pytest.raises(ValueError, match="format"):
        set_setting(TILES, value)


def test_a_record_is_shown_on_the_map(browser):
    """OP-ACC-13: More → Show on map."""
    account = make_account(organization="Nord", street="Bryggen 1", postcode="5003", city="Bergen", country="NO")
    assert f'href="/crm/accounts/{account.pk}/map"' in browser.get(f"/crm/accounts/{account.pk}/").content.decode()
    page = browser.get(f"/crm/accounts/{account.pk}/map").content.decode()
    assert "Bryggen 1" in page
    assert "Open in Google Maps" in page
    assert "query=Bryggen%201%2C%205003%20Bergen%2C%20Norway" in page


def test_a_record_without_an_address_says_so(browser):
    account = make_account(organization="Nord", country="")
    assert "No address yet" in browser.get(f"/crm/accounts/{account.pk}/map").content.decode()


def test_a_hidden_address_is_on_no_map(client):
    """ACC-6."""
    account = make_account(organization="Nord", street="Bryggen 1", city="Bergen", country="NO", is_global=True)
    for field in ("street", "city"):
        FieldVisibility.objects.create(entity="accounts", field=field)
    client.force_login(make_user("all", ["view"], ["accounts"]))
    assert "Bryggen" not in client.get(f"/crm/accounts/{account.pk}/map").content.decode()
    response = client.get(URL)
    assert response.status_code == 404
    assert "have nothing that the view “Map” could show." in response.content.decode()


def test_a_type_without_addresses_says_so(browser):
    """Issue: a view of a type without addresses gets a clear answer."""
    response = browser.get("/crm/opportunities/map/")
    assert response.status_code == 404
    page = response.content.decode()
    assert "Opportunities have nothing that the view “Map” could show." in page
    assert re.search(r'href="/crm/opportunities/data/"[^>]*>.*?Open the list', page, re.DOTALL)
