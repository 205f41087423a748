"""Signing in, sessions, passwords and tokens (ACC-9, SEC-2)."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from kanal.config import env
from kanal.core import registry, tokens, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.models import ApiToken
from kanal.kit.errors import Refused

SECRET = "a long and good secret"
NEW = "another long and good one"
PRINT = """
import json
from kanal.config import settings as s
names = '''DEBUG
SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE X_FRAME_OPTIONS
CSRF_COOKIE_SAMESITE SECURE_HSTS_SECONDS ALLOWED_HOSTS PASSWORD_HASHERS'''.split()
print(json.dumps({n: getattr(s, n) for n in names}))
"""


@pytest.fixture
def user(world):
    """Return a user with a password."""
    account = type(world.admin).objects.get(pk=world.users["director"].pk)
    account.set_password(SECRET)
    account.save(update_fields=["password"])
    return account


def signed_in(user, password=SECRET):
    """Sign in by the form."""
    client = Client()
    client.post("/login/", {"login": user.username, "password": password})
    return client


def production() -> dict:
    """Read the settings of a production installation behind HTTPS."""
    given = {"KANAL_HTTPS": "1", "KANAL_SECRET_KEY": "x" * 50, "KANAL_ALLOWED_HOSTS": "kanal.example"}
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("KANAL", "DJANGO", "PYTEST"))}
    out = subprocess.run(
        [sys.executable, "-c", PRINT], env={**kept, **given, "PYTHONPATH": str(env.ROOT)}, cwd=env.ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(out.stdout.splitlines()[-1])


def test_production_settings_are_strict():
    """SEC-2: cookies, HSTS, hosts, Argon2, no debugging."""
    production_settings = production()
    assert production_settings["DEBUG"] is False
    assert (
        production_settings["SESSION_COOKIE_SECURE"]
        is production_settings["CSRF_COOKIE_SECURE"]
        is production_settings["SESSION_COOKIE_HTTPONLY"]
        is True
    )
    assert production_settings["SESSION_COOKIE_SAMESITE"] == production_settings["CSRF_COOKIE_SAMESITE"] == "Lax"
    assert production_settings["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert production_settings["ALLOWED_HOSTS"] == ["kanal.example"]
    assert production_settings["PASSWORD_HASHERS"][0].endswith("Argon2PasswordHasher")
    assert production_settings["X_FRAME_OPTIONS"] == "DENY"


def test_signing_in_makes_a_new_session(user):
    """SEC-3: a session that somebody planted before is worth nothing afterwards."""
    client = Client()
    client.get("/login/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    client.post("/login/", {"login": user.username, "password": SECRET})
    assert client.get("/").status_code == 200
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/").status_code == 302


def test_a_new_password_ends_other_sessions(user):
    """ACC-9: the session that changed it goes on, all others end."""
    mine, other = signed_in(user), signed_in(user)
    assert other.get("/me/").status_code == 200
    given = {"oldpassword": SECRET, "password1": NEW, "password2": NEW}
    assert mine.post("/me/password/", given).status_code == 302
    assert mine.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


def test_signing_out_ends_the_session(user):
    """ACC-9: on the server, not in the browser alone."""
    client = signed_in(user)
    key = client.session.session_key
    client.post("/logout/")
    again = Client()
    again.cookies["sessionid"] = key
    assert again.get("/").status_code == 302


def test_who_is_switched_off_is_out_at_once(user):
    """ACC-9: sessions and tokens of a user who left."""
    client, token = signed_in(user), tokens.create_token(user, "t")
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/").status_code == 302
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_who_comes_back_signs_in_anew(user):
    """ACC-9: sessions and tokens from before somebody was switched off stay ended."""
    client, token = signed_in(user), tokens.create_token(user, "t")
    assert client.get("/").status_code == 200
    for is_active in (False, True):
        writes.change(user, {"is_active": is_active}, by=SYSTEM)
    assert client.get("/").status_code == 302
    assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert signed_in(user).get("/").status_code == 200


@pytest.mark.parametrize("way", ["demote", "switch off", "delete", "bulk demote", "bulk delete"])
def test_the_last_administrator_stays(world, way):
    """ACC-9: by no way does an installation lose its last administrator; with a second one, each may go."""
    users, admin = type(world.admin), world.admin
    by = Actor(admin)
    ways = {
        "demote": lambda user: writes.change(user, {"user_type": "regular"}, by=by),
        "switch off": lambda user: writes.change(user, {"is_active": False}, by=by),
        "delete": lambda user: writes.delete(user, by=SYSTEM),
        "bulk demote": lambda user: refuse_first(
            writes.change_many(users.objects.filter(pk=user.pk), {"user_type": "regular"}, by=by)
        ),
        "bulk delete": lambda user: refuse_first(writes.delete_many(users.objects.filter(pk=user.pk), by=SYSTEM)),
    }
    users.objects.filter(user_type="administrator").exclude(pk=admin.pk).update(user_type="regular")
    with pytest.raises(Refused, match=r"last active administrator|hang on it"):
        ways[way](admin)
    values = {"username": "second", "email": "second@kanal.example", "last_name": "S", "user_type": "administrator"}
    second = writes.create(registry.get("users"), values, by=SYSTEM)
    ways[way](second)
    assert users.objects.filter(user_type="administrator", is_active=True).get() == admin


def refuse_first(outcome):
    """Raise what one of many was refused for."""
    for problem in outcome.problems.values():
        raise problem


def test_wrong_passwords_shut_nobody_else_out(user, world):
    """ACC-9: neither those of a made-up name at the same address nor those for the same name elsewhere."""
    for number in range(12):
        Client().post("/login/", {"login": f"nobody{number}", "password": "wrong password"})
        Client(REMOTE_ADDR="192.0.2.7").post("/login/", {"login": user.username, "password": "wrong password"})
    assert signed_in(user).get("/").status_code == 200


def test_who_guesses_waits_for_seconds(user, monkeypatch):
    """ACC-9: after five wrong passwords not even the right one is looked at; a quarter of a minute later it is."""
    import time

    for _try in range(6):
        answer = Client().post("/login/", {"login": user.username, "password": "wrong password"})
    assert answer.status_code == 429
    assert signed_in(user).get("/").status_code == 302
    now = time.time()
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now + 16)
    assert signed_in(user).get("/").status_code == 200


def test_unknown_names_cost_as_much_as_known_ones(user, monkeypatch):
    """SEC-3: a hash is computed for a user who does not exist too, and the answer is the same."""
    hashed = []
    usual = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or usual(*args))
    texts = []
    for name in (user.username, "nobody-at-all"):
        before = len(hashed)
        page = Client().post("/login/", {"login": name, "password": "wrong password"}).content.decode()
        assert len(hashed) > before, name
        texts.append("not correct" in page)
    assert texts == [True, True]


def test_asking_for_a_new_password_tells_nothing(user):
    """SEC-3: the answer is the same for an address that is known and one that is not."""
    answers = [
        Client().post("/login/password/", {"email": email}).headers.get("Location")
        for email in (user.email, "no@kanal.example")
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("password", ["short1!", "password1234", "1234567890123"])
def test_weak_passwords_are_refused(password):
    """ACC-9: ten characters at least, no common ones."""
    with pytest.raises(ValidationError):
        validate_password(password)


def test_nobody_signs_up(world):
    """ACC-9: users are invited."""
    people = registry.get("users").model
    before = people.objects.count()
    given = {"email": "new@kanal.example", "username": "new", "password1": NEW, "password2": NEW}
    Client().post("/login/closed/", given)
    assert people.objects.count() == before


def test_tokens_are_kept_as_hashes_and_expire(user):
    """ACC-9: the token itself is nowhere; after its day it opens nothing."""
    token = tokens.create_token(user, "t")
    row = ApiToken.objects.get(name="t")
    assert token not in str({key: str(value) for key, value in vars(row).items()})
    assert len(row.digest) == 64
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/v1/me", headers=bearer).status_code == 200
    ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get("/api/v1/me", headers=bearer).status_code == 401


def test_a_token_for_reading_writes_nothing(world, user):
    """ACC-9: its scope holds whatever its user may."""
    bearer = {"Authorization": f"Bearer {tokens.create_token(user, 'r', tokens.READ)}"}
    lead = world.records["leads"]
    for method, path in (("PATCH", f"/leads/{lead.pk}"), ("POST", "/leads"), ("DELETE", f"/leads/{lead.pk}")):
        answer = Client().generic(method, f"/api/v1{path}", "{}", content_type="application/json", headers=bearer)
        assert answer.status_code == 403, path


def test_cookies_of_a_session_are_out_of_reach_of_scripts(user):
    """SEC-2: HttpOnly and SameSite on the session's cookie."""
    cookie = signed_in(user).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
