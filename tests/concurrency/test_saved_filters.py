"""What many keep in one row at the same moment: nobody's choice is lost (LIST-3, REL-2)."""

from kanal.core.models import SavedFilter


def test_many_make_a_filter_their_default(at_once, browser_of, make_user):
    """Each begins with it from then on."""
    users = [make_user(rules={"ships": ("all", ["view"])}) for _ in range(4)]
    saved = SavedFilter.objects.create(
        name="Sloops", entity="ships", owner=users[0], audience=SavedFilter.Audience.PUBLIC,
        tree={"field": "rig", "op": "any", "values": ["sloop"]},
    )  # fmt: skip
    browsers = [browser_of(user) for user in users]
    answers = at_once(
        *(lambda client=browser: client.post(f"/saved-filters/{saved.pk}/default") for browser in browsers)
    )
    assert {answer.status_code for answer in answers} <= {200, 302}, [response.content[:300] for response in answers]
    saved.refresh_from_db()
    assert set(saved.default_for["users"]) == {user.pk for user in users}
