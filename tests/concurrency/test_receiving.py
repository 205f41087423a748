"""Posts to the intake that arrive twice at the same moment are one (INTAKE-2, API-2)."""

import json
from collections import Counter

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
        found = Counter(one.status_code for one in answers)
        assert set(found) <= {202, 409}, [one.content for one in answers]
        assert found[202] >= 1
        assert len({one.json()["id"] for one in answers if one.status_code == 202}) == 1
        assert RawPost.objects.count() == before + 1
