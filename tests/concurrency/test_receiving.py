"""Posts to the intake that arrive twice at the same moment are one (INTAKE-2, API-2)."""

import json
from collections import Counter

from django.db import connection
from django.test import Client

from kanal.entities.intake.models import RawPost
from kanal.entities.leads.tests.factories import make, make_project


def test_repeats_at_once_are_one_post(at_once):
    """INTAKE-2: the same key, or the same content: one post is kept, and every caller gets its id."""
    source = make("intake-sources", name="Web site", default_project=make_project().pk)
    for head in ({"Idempotency-Key": "order-4711"}, {}):
        body = json.dumps({"email": f"ola{len(head)}@example.com"})

        def post(body=body, head=head):
            client = Client(raise_request_exception=False)
            return client.post(f"/api/v1/intake/{source.key}", body, content_type="application/json", headers=head)

        before = RawPost.objects.count()
        answers = at_once(*(post for _ in range(6)))
        statuses = Counter(answer.status_code for answer in answers)
        assert set(statuses) <= {202, 409}, [answer.content for answer in answers]
        assert statuses[202] >= 1
        assert len({answer.json()["id"] for answer in answers if answer.status_code == 202}) == 1
        assert RawPost.objects.count() == before + 1


def test_an_old_address_ends_at_once_where_it_was_remembered():
    """INTAKE-1: another process renews the key, the origins or the secret; no post is taken by what was before."""
    source = make("intake-sources", name="Old address", default_project=make_project().pk)
    old, client = source.key, Client()

    def post(key, number, **headers):
        body = json.dumps({"email": f"old{number}@example.com"})
        return client.post(f"/api/v1/intake/{key}", body, content_type="application/json", headers=headers).status_code

    def elsewhere(**columns):
        """Write by another connection, so that this process is told by the database alone."""
        other = connection.copy()
        with other.cursor() as cursor:
            for column, value in columns.items():
                cursor.execute(f'UPDATE intake_intakesource SET "{column}" = %s WHERE id = %s', [value, source.pk])
        other.close()

    assert [post(old, number) for number in range(2)] == [202, 202]
    assert post("another", 3) == 404
    elsewhere(key="another")
    assert post(old, 4) == 404
    assert post("another", 5) == 202
    elsewhere(hmac_secret="secret")
    assert post("another", 6) == 403
    elsewhere(hmac_secret="")
    assert post("another", 7) == 202
    assert post("another", 8, Origin="https://kanal.example") == 403
    elsewhere(allowed_web_origins="https://kanal.example")
    assert post("another", 9, Origin="https://kanal.example") == 202
    elsewhere(is_active=False)
    assert post("another", 10) == 404
