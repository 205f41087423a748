"""Somebody leaves while work comes to them; an import runs while its records are edited (ACC-9, REL-2, IMP-4)."""

import pytest

from kanal.core import registry
from kanal.entities.leads.models import Lead
from kanal.entities.leads.tests.factories import make, make_lead, make_project, make_user
from kanal.features.importing.models import Import
from kanal.features.importing.runner import run_all

ANSWERS = {200, 201, 204, 404, 409, 412, 422}


def statuses(answers):
    return {getattr(answer, "status_code", answer) for answer in answers}


@pytest.mark.parametrize("way", ["assignee", "further_members", "default_assignee", "new"])
def test_a_user_is_deleted_while_work_comes_to_them(collide, call_of, admin, way):
    """REL-2: either the user stays with the work, or goes and there is none."""
    call, user, project = call_of(admin), make_user(visibility=""), make_project()
    given = {
        "assignee": lambda: call("PATCH", f"/leads/{make_lead().pk}", {"assignee": user.pk}),
        "further_members": lambda: call(
            "POST", "/opportunities", {"name": "D", "project": project.pk, "further_members": [user.pk]}
        ),
        "default_assignee": lambda: call(
            "POST", "/intake-sources", {"name": "S", "default_project": project.pk, "default_assignee": user.pk}
        ),
        "new": lambda: call("POST", "/leads", {"subject": "New", "project": project.pk, "assignee": user.pk}),
    }
    answers = collide(user, given[way], lambda: call("DELETE", f"/users/{user.pk}"))
    assert statuses(answers) <= ANSWERS, [getattr(answer, "content", answer) for answer in answers]
    there = type(user).objects.filter(pk=user.pk).exists()
    assert there != (answers[1].status_code == 204)
    assert there or not Lead.objects.filter(assignee_id=user.pk).exists()


@pytest.mark.parametrize("by", ["patch", "bulk"])
def test_records_are_edited_while_an_import_changes_them(at_once, call_of, admin, by):
    """IMP-4: both come to their end; each record has the values of one or the other, and none is lost."""
    accounts = [make("accounts", organization=f"Firma {number} AS", city="Oslo") for number in range(40)]
    ids = [account.pk for account in accounts]
    text = "id,city,street\n" + "".join(f"{pk},Bergen,Strandgaten {pk}\n" for pk in ids)
    run = Import.objects.create(
        user=admin, entity="accounts", name="a.csv", content=text.encode(), match="id",
        mapping={"id": "id", "city": "city", "street": "street"},
    )  # fmt: skip
    call = call_of(admin)

    def edit():
        if by == "patch":
            return [call("PATCH", f"/accounts/{pk}", {"city": "Tromsø"}) for pk in reversed(ids)]
        items = [{"id": pk, "city": "Tromsø"} for pk in reversed(ids)]
        return [call("PATCH", "/accounts/bulk", {"mode": "all", "items": items})]

    _none, answers = at_once(lambda: run_all(run), edit)
    assert statuses(answers) == {200}, [answer.content for answer in answers]
    run.refresh_from_db()
    assert (run.updated, run.refusals.count()) == (40, 0)
    rows = registry.get("accounts").model.objects.filter(pk__in=ids)
    assert {row.city for row in rows} <= {"Bergen", "Tromsø"}
    assert all(row.street == f"Strandgaten {row.pk}" for row in rows)
