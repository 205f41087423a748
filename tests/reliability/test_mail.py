"""A mail server that is dead or slow: the page says so in a sentence, soon, and nothing breaks (REL-4)."""

import socket
from pathlib import Path

import pytest
from django.core import mail

from kanal.config import env
from kanal.entities.leads.tests.factories import make_user

ADDRESS = "seller@kanal.example"


@pytest.fixture
def reset(client, db):
    """Return what asks for a new password."""
    make_user(username="mia", email=ADDRESS).set_password("a long password")
    return lambda: client.post("/login/password/", {"email": ADDRESS})


def use(settings, url):
    """Take the settings of a mail server."""
    for name, value in env.mail(url, Path("outbox")).items():
        setattr(settings, name, value)


def test_a_dead_mail_server_is_told_in_a_sentence(settings, reset):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        use(settings, f"smtp://127.0.0.1:{unused.getsockname()[1]}")
        page = reset()
    assert page.status_code == 409
    assert "be sent. Try again later, or tell your administrator" in page.content.decode()


def test_a_mail_server_that_says_nothing_is_given_up_soon(settings, reset, monkeypatch):
    monkeypatch.setattr(env, "MAIL_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(settings, f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        assert reset().status_code == 409


def test_a_mail_is_sent_and_the_next_page_says_so(reset):
    assert reset().status_code == 302
    assert mail.outbox[0].to == [ADDRESS]


def test_the_address_of_the_server_is_read():
    read = env.mail("smtp://crm%40a:p%3Aw@mail.example.com:587?tls=1&from=crm@example.com", Path("outbox"))
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"], read["EMAIL_USE_TLS"]) == ("mail.example.com", 587, True)
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("crm@a", "p:w")
    assert read["DEFAULT_FROM_EMAIL"] == "crm@example.com"
    assert env.mail("smtps://mail.example.com", Path("outbox"))["EMAIL_PORT"] == 465
    with pytest.raises(env.SetupError, match="KANAL_MAIL_URL"):
        env.mail("mail.example.com", Path("outbox"))
