"""Rights that change while a page is read: it shows those before or those after, never some of each (ACC-6, REL-2)."""

import re
import threading

import pytest
from django.db import connection, connections
from django.test import Client

from kanal.core import registry
from kanal.core.access.materialized import rebuild_grants
from kanal.core.cache import invalidate
from kanal.core.models import FieldVisibility, RoleRule

SECRET = re.compile(r'nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|[\w-]{32,}|data-time="[^"]*"')


class Meanwhile:
    """Does something on another connection when a page runs its n-th statement."""

    def __init__(self, place, change):
        self.place, self.change, self.count = place, change, 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        if self.count == self.place:
            other = threading.Thread(target=self.run)
            other.start()
            other.join()
        return execute(sql, params, many, context)

    def run(self):
        try:
            self.change()
        finally:
            connections.close_all()


def plain(response):
    return response.status_code, SECRET.sub("", response.content.decode())


@pytest.fixture
def reader(make_user, make_ship):
    """Return a user who sees all ships with their lengths, and make some."""
    for number in range(3):
        make_ship(name=f"Ship {number}", length="4321")
    return make_user(rules={"ships": ("all", ["view", "edit", "delete", "export"])})


def hide_field():
    FieldVisibility.objects.create(entity="ships", field="length", users=[], groups=[], user_types=[])
    invalidate()


def show_field():
    FieldVisibility.objects.all().delete()
    invalidate()


def take_away():
    RoleRule.objects.filter(entity="ships").update(actions=["view"], visibility="own")
    rebuild_grants()
    invalidate()


def give_back():
    RoleRule.objects.filter(entity="ships").update(actions=["view", "edit", "delete", "export"], visibility="all")
    rebuild_grants()
    invalidate()


@pytest.mark.parametrize(("change", "back"), [(hide_field, show_field), (take_away, give_back)])
@pytest.mark.parametrize("place", ["list", "detail", "api"])
def test_a_page_shows_the_rights_of_one_moment(reader, change, back, place):
    """ACC-6: the change is made before each statement of the page in turn."""
    ships = registry.get("ships")
    pk = ships.model._default_manager.order_by("pk").first().pk
    address = {"list": f"{ships.list_url}?columns=name,length", "detail": ships.url(pk), "api": "/api/v1/ships"}[place]
    client = Client()
    client.force_login(reader)

    def read():
        invalidate()
        return plain(client.get(address))

    read()
    before, count = read(), Meanwhile(0, change)
    with connection.execute_wrapper(count):
        read()
    change()
    after = read()
    back()
    assert before != after
    mixed = []
    for number in range(1, count.count + 1):
        with connection.execute_wrapper(Meanwhile(number, change)):
            rights = read()
        back()
        if rights not in (before, after):
            mixed.append((number, rights))
    assert [number for number, _page in mixed] == []
