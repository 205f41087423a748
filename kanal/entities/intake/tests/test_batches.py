"""A batch of received leads comes to what they come to one by one, by few statements (INTAKE-3, INTAKE-4, PERF-9)."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kanal.core.cache import invalidate
from kanal.core.models import Change
from kanal.entities.intake.models import Intake
from kanal.entities.intake.pipeline import process_batch
from kanal.entities.intake.tests.test_actions import make_source, send
from kanal.entities.leads.models import Lead
from kanal.entities.leads.tests.factories import make, make_account, make_lead, make_user
from kanal.entities.splitter.models import Receipt, Share

pytestmark = pytest.mark.django_db
LEADS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "last_name": st.sampled_from(["Berg", "Lie", "Moe"]),
            "email": st.sampled_from(["a@nord.example", "A@nord.example", "b@gmail.com", "known@old.example", "none"]),
            "phone": st.sampled_from(["+47 22 33 44 55", "0047 22334455", "22334455", "x"]),
            "company": st.sampled_from(["Nordlys AS", "Nordlis", "Havn"]),
            "city": st.sampled_from(["Oslo", "Bergen"]),
            "message": st.sampled_from(["Hello", "Call me", "Hello again"]),
            "value": st.sampled_from(["1000", "much"]),
            "job_title": st.sampled_from(["Boss", "x" * 200]),
        },
    ),
    min_size=1,
    max_size=12,
)
LOOSE = settings(
    max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FIELDS = ("name", "first_name", "last_name", "email", "phone", "company", "description", "value", "assignee_id",
          "account_id", "contact_id", "stage", "awaits_split", "owner_ids")  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_cached():
    invalidate()
    yield
    invalidate()


def left_by(source, items, size):
    """Handle leads in batches of a size and undo it; return what had become of them then."""
    with transaction.atomic():
        send(source, items)
        while process_batch(size):
            continue
        rows = list(Intake.objects.filter(source=source).order_by("id"))
        leads = list(Lead.objects.order_by("id"))
        places = {lead.pk: place for place, lead in enumerate(leads)} | {None: None}
        steps = [
            [(step["step"], places.get(step.get("same_lead")), step.get("reasons")) for step in row.steps]
            for row in rows
        ]
        result = {
            "rows": [(row.state, row.reason, row.name, places[row.lead_id]) for row in rows],
            "steps": steps,
            "leads": [[getattr(lead, name) for name in FIELDS] for lead in leads],
            "shares": list(Share.objects.order_by("id").values_list("got", "got_ever")),
            "receipts": [(places[receipt.lead_id], receipt.user_id, receipt.tried, receipt.candidates)
                         for receipt in Receipt.objects.order_by("lead_id", "id")],
            "history": sorted((places[change.record_id], change.kind, change.verb)
                        for change in Change.objects.filter(entity="leads")),
        }  # fmt: skip
        transaction.set_rollback(True)
    return result


def test_a_batch_comes_to_what_single_leads_come_to():
    """INTAKE-4, SPLIT-3: the same leads, touches, owners, receipts and reasons, whoever sends what how often."""
    sellers = [make_user() for _ in range(3)]
    shares = [{"user": seller.pk, "percent": part} for seller, part in zip(sellers, (50, 30, 20), strict=True)]
    make("splitter-filters", name="All", shares=shares)
    make_account(organization="Nordlys", city="Oslo")
    make_account(organization="Old", email="known@old.example")
    make_lead(email="known@old.example", last_name="Lie")
    source = make_source()

    @LOOSE
    @given(items=LEADS)
    def check(items):
        assert left_by(source, items, 100) == left_by(source, items, 1)

    check()


def test_a_batch_costs_as_few_statements_as_a_few_leads():
    """PERF-9: a hundred leads with companies of a hundred names."""
    make("splitter-filters", name="All", shares=[{"user": make_user().pk, "percent": 100}])
    source, counts = make_source(), []
    for number in (5, 100):
        send(
            source,
            [{"email": f"p{n}@c{number}x{n}.example", "company": f"Company {number} {n}"} for n in range(number)],
        )
        with CaptureQueriesContext(connection) as queries:
            assert process_batch() == number
        counts.append(len(queries))
    assert counts[1] <= counts[0] < 60
    assert Lead.objects.filter(assignee=None).count() == 0


def test_split_2_a_lead_that_is_touched_again_in_its_batch_is_split_as_it_stands():
    """Conditions look at what the second message has filled in, and nothing of it is undone by the splitter."""
    seller = make_user()
    make(
        "splitter-filters", name="Norway", conditions={"text": "country:is(NO)"},
        shares=[{"user": seller.pk, "percent": 100}],
    )  # fmt: skip
    source = make_source()
    send(source, [
        {"last_name": "Berg", "email": "a@b.example", "message": "Pumps"},
        {"last_name": "Berg", "email": "a@b.example", "message": "Pipes", "country": "Norway", "job_title": "Buyer"},
    ])  # fmt: skip
    process_batch()
    lead = Lead.objects.get()
    assert (lead.assignee, lead.country, lead.job_title, lead.awaits_split) == (seller, "NO", "Buyer", False)
    assert lead.description == "Pumps\n\nPipes"
    assert [intake.state for intake in Intake.objects.order_by("id")] == ["done", "done"]
