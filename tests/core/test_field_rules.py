"""Rules by role and status (FORM-2): hidden is hidden and required is required on every channel and for every verb."""

import io
import json
import zipfile
from contextlib import suppress

import pytest
from django.test import Client

from kanal.core import access, history, registry, tokens, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import invalidate
from kanal.core.models import Category, CustomField, FieldRule, Role
from kanal.entities.leads.models import LeadStatus, Stage
from kanal.entities.leads.tests.factories import make, make_project, make_user
from kanal.entities.opportunities.models import OpportunityStatus
from kanal.features.search.jobs import rebuild_type
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db
SECRET = "zqhiddenqz"
EVERY = ["view", "add", "edit", "delete", "export", "disqualify", "reopen", "archive", "take", "sold", "lost", "import"]
TYPES = ("leads", "campaigns", "opportunities", "projects", "accounts", "activities")


@pytest.fixture
def user():
    """Return a seller who may do everything with several types."""
    return make_user("all", EVERY, TYPES)


@pytest.fixture
def rule():
    """Return what makes a rule, for everybody or for a role."""

    def add(field, mode, status="", entity="leads", role=None):
        FieldRule.objects.create(entity=entity, field=field, mode=mode, status=status, role=role)
        invalidate()
        if registry.get(entity).listing.search:
            rebuild_type(entity_key=entity)

    return add


@pytest.fixture
def pair(user):
    """Return two leads with the same secret in two fields: one at the status where they are hidden, one at another."""
    CustomField.objects.create(entity="leads", key="code", name="Code", kind="text", searchable=True, filterable=True)
    invalidate()
    values = {"project": make_project().pk, "description": SECRET, "custom.code": SECRET, "company": "Byttet"}
    hidden = make("leads", subject="Hidden", **values)
    other = make("leads", subject="Shown", **values)
    touched = LeadStatus.of_kind(Stage.TOUCHED)
    writes.change(other, {"status": touched.key}, by=SYSTEM)
    return hidden, other


def new_key():
    """Return the key of the status of new leads."""
    return LeadStatus.of_kind(Stage.NEW).key


def channels(record, user):
    """Return what each channel shows of a record, by the channel's name."""
    client, token = Client(), {"Authorization": f"Bearer {tokens.create_token(user, 'test')}"}
    client.force_login(user)
    url, api = f"/crm/leads/{record.pk}/", f"/api/v1/leads/{record.pk}"
    only = f"filter=id:is({record.pk})&columns=name,status,description,custom.code"
    asked = {
        "page": url,
        "edit": f"{url}edit",
        "tab": f"{url}?tab=history",
        "timeline": f"{url}?part=timeline&kind=changes",
        "list": f"/crm/leads/data/?{only}",
        "csv": f"/crm/leads/data/export.csv?{only}",
        "search": f"/search?q={SECRET[:7]}",
    }
    texts_by_channel = {name: text_of(client.get(address)) for name, address in asked.items()}
    asked = {"get": api, "api list": f"/api/v1/leads?filter=id:is({record.pk})", "api history": f"{api}/history",
             "fields": f"{api}?fields=description,custom"}  # fmt: skip
    for name, address in asked.items():
        texts_by_channel[name] = text_of(client.get(address, headers=token))
    status = registry.get("leads").model.objects.get(pk=record.pk).status.key
    activity = make("activities", subject="Call", category="call", lead=record.pk)
    writes.change(record, {"status": status}, by=SYSTEM)  # the call has touched it
    texts_by_channel["include"] = text_of(client.get(f"/api/v1/activities/{activity.pk}?include=lead", headers=token))
    texts_by_channel["a list one relation away"] = text_of(
        client.get(f"/crm/activities/data/?filter=id:is({activity.pk})&columns=subject,lead,lead.description")
    )
    return texts_by_channel


def text_of(response):
    """Read an answer whole."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    assert response.status_code == 200, (response.status_code, content[:300])
    return content.decode()


def test_hidden_is_hidden_on_every_channel_at_its_status_alone(pair, user, rule):
    """The record page, form, list, export, search, API, history and what leads to the record tell nothing of it."""
    for field in ("description", "custom.code"):
        rule(field, "hidden", new_key())
    hidden, other = pair
    hidden_texts, shown = channels(hidden, user), channels(other, user)
    for text in (hidden_texts.pop("search"), shown.pop("search")):
        assert f"/crm/leads/{hidden.pk}/" not in text
        assert f"/crm/leads/{other.pk}/" not in text
    assert [name for name, text in hidden_texts.items() if SECRET in text] == []
    assert [name for name, text in shown.items() if SECRET not in text] == []


def test_hidden_always_is_absent(pair, user, rule):
    """A rule without a status takes the field away altogether: it is no column and no key of the API."""
    rule("description", "hidden")
    assert "description" not in access.FieldContext(user, registry.get("leads")).readable
    _hidden, other = pair
    token = {"Authorization": f"Bearer {tokens.create_token(user, 'test')}"}
    assert "description" not in json.loads(Client().get(f"/api/v1/leads/{other.pk}", headers=token).content)


def test_a_rule_for_a_role_holds_for_that_role_alone(pair, user, rule):
    """Somebody with another role reads on."""
    role = Role.objects.get(pk=next(iter(access.permissions_of(user).role_ids)))
    rule("description", "hidden", new_key(), role=role)
    hidden, _other = pair
    assert '"description":null' in channels(hidden, user)["get"]
    others = access.FieldContext(make_user("all", EVERY, TYPES), registry.get("leads"))
    assert others.readable["description"].mask is None


@pytest.mark.parametrize("part", ["filter=description:contains(zqh)", "sort=description", "filter=custom.code:set()",
                                  "sort=-custom.code"])  # fmt: skip
def test_what_may_be_hidden_cannot_be_probed(pair, user, rule, part):
    """A filter or sort by it would tell of the records on which it is hidden (LIST-3a)."""
    token = {"Authorization": f"Bearer {tokens.create_token(user, 'test')}"}
    assert Client().get(f"/api/v1/leads?{part}", headers=token).status_code == 200
    for field in ("description", "custom.code"):
        rule(field, "hidden", new_key())
    assert Client().get(f"/api/v1/leads?{part}", headers=token).status_code == 422
    assert Client().get(f"/api/v1/activities?filter=lead.{part[7:]}", headers=token).status_code == 422
    response = Client().get(f"/api/v1/leads?q={SECRET}", headers=token)
    assert json.loads(response.content)["items"] == []


def test_numbers_that_may_be_hidden_are_not_summed(pair, user, rule):
    """A sum over a filter of one record is its value."""
    hidden, _other = pair
    writes.change(hidden, {"value": {"amount": "123457", "currency": "EUR"}}, by=SYSTEM)
    client = Client()
    client.force_login(user)
    address = f"/crm/leads/data/?filter=id:is({hidden.pk})&columns=name,value"
    assert "123,457" in text_of(client.get(address))
    rule("value", "hidden", new_key())
    assert "123,457" not in text_of(client.get(address))
    assert "123,457" not in text_of(client.get("/crm/leads/kanban/?filter="))


def test_the_history_of_a_deleted_record_hides_what_was_hidden_at_some_status(pair, user, rule):
    """Nobody can tell any more at which status it was."""
    hidden, _other = pair
    rule("description", "hidden", new_key())
    pk = hidden.pk
    writes.delete(hidden, by=SYSTEM)
    entries = history.entries_of(user, registry.get("leads"), pk)
    changes = [change for entry in entries for change in entry.differences]
    assert SECRET not in str([change for change in changes if change.field.key == "description"])


VERBS = {
    "leads": ("disqualify", {"status": "no_interest"}, "no_interest", "description"),
    "campaigns": ("archive", {"status": "archived"}, "archived", "description"),
    "opportunities": ("lost", {"loss_reason": None}, "", "need"),
}


def verb_of(key):
    """Return a record, the verb that closes it and its inputs, the status it sets, and a field to require."""
    verb, inputs, status, field = VERBS[key]
    project = make_project().pk
    if key == "leads":
        return make("leads", project=project, subject="One"), verb, inputs, status, field
    if key == "campaigns":
        return make("campaigns", project=project, name="One"), verb, inputs, status, field
    record = make("opportunities", project=project, name="One")
    lost = OpportunityStatus.first_of_kind(record.pipeline_id, OpportunityStatus.Kind.LOST)
    return record, verb, {"loss_reason": Category.rows("loss_reason")[0].key}, lost.key, field


@pytest.mark.parametrize("channel", ["page", "api", "function"])
@pytest.mark.parametrize("key", list(VERBS))
def test_required_holds_for_the_verb_that_sets_the_status(key, channel, user, rule):
    """`campaigns/9/archive`, Disqualify and Lost ask for what PATCH would ask for, and go through once it is there."""
    record, verb, inputs, status, field = verb_of(key)
    rule(field, "required", status, key)
    assert not does(channel, record, verb, inputs, user)
    writes.change(record, {field: "Known now"}, by=SYSTEM)
    assert does(channel, record, verb, inputs, user)


def does(channel, record, verb, inputs, user):
    """Do a verb by a channel; return whether it was done, and that the refusal names the field where it was not."""
    entity = registry.of(record)
    before = type(record).objects.get(pk=record.pk).revision
    if channel == "function":
        with suppress(Invalid):
            registry.action(entity, verb).run(record, inputs, by=Actor(user).within_action(verb))
    else:
        client = Client()
        client.force_login(user)
        if channel == "page":
            text = client.post(f"{entity.url(record.pk)}{verb}", inputs).content.decode()
        else:
            token = {"Authorization": f"Bearer {tokens.create_token(user, 'test')}"}
            url = f"/api/v1/{entity.key}/{record.pk}/{verb}"
            text = client.post(url, inputs, content_type="application/json", headers=token).content.decode()
        if type(record).objects.get(pk=record.pk).revision == before:
            assert "is required at this status" in text
    return type(record).objects.get(pk=record.pk).revision > before


@pytest.mark.parametrize("mode", ["read_only", "hidden"])
def test_a_verb_changes_no_field_that_is_closed_to_the_user(user, rule, mode):
    """Read-only holds for what a verb asks for: without its status a verb can't be done, other inputs fall away."""
    record, _verb, inputs, _status, _field = verb_of("leads")
    rule("disqualification_reason", mode, new_key())
    client = Client()
    client.force_login(user)
    assert 'name="disqualification_reason"' not in text_of(client.get(f"/crm/leads/{record.pk}/disqualify"))
    token = {"Authorization": f"Bearer {tokens.create_token(user, 'test')}"}
    payload = {**inputs, "disqualification_reason": "Dear"}
    url = f"/api/v1/leads/{record.pk}/disqualify"
    assert client.post(url, payload, content_type="application/json", headers=token).status_code == 422
    rule("status", "read_only", new_key())
    answer = client.post(url, inputs, content_type="application/json", headers=token)
    assert answer.status_code == 409
    assert "Status" in answer.content.decode()


@pytest.mark.parametrize("way", ["change", "change_many", "change_each"])
def test_required_holds_for_every_way_to_change_a_status(user, rule, way):
    """Form, inline, board and PATCH end in `change`, bulk edit in `change_many`, import and bulk in `change_each`."""
    lead, touched = make("leads", project=make_project().pk, subject="One"), LeadStatus.of_kind(Stage.TOUCHED)
    rule("description", "required", touched.key)
    by, values = Actor(user), {"status": touched.key}
    if way == "change":
        with pytest.raises(Invalid):
            writes.change(lead, values, by=by)
    elif way == "change_many":
        assert writes.change_many(type(lead).objects.filter(pk=lead.pk), values, by=by).problems
    else:
        assert writes.change_each(registry.get("leads"), {lead.pk: values}, by=by).problems
    lead.refresh_from_db()
    assert lead.stage == "new"


def test_a_new_record_obeys_the_rules_of_the_status_it_begins_with(user, rule):
    """Required, read-only and hidden hold for the status that is given, or for the one that new records have."""
    project, by = make_project().pk, Actor(user)
    rule("description", "required", new_key())
    rule("phone", "read_only", new_key())
    entity = registry.get("leads")
    with pytest.raises(Invalid) as problem:
        writes.create(entity, {"project": project, "subject": "One", "phone": "+4791234567"}, by=by)
    assert set(problem.value.errors) == {"description", "phone"}
    made = writes.create(entity, {"project": project, "subject": "One", "description": "x", "phone": ""}, by=by)
    assert made.pk


def test_a_call_is_logged_though_the_next_status_wants_more(user, rule):
    """LEAD-2: what follows by itself is left undone rather than that somebody's call is lost."""
    lead = make("leads", project=make_project().pk, subject="One")
    rule("description", "required", LeadStatus.of_kind(Stage.TOUCHED).key)
    writes.create(registry.get("activities"), {"subject": "Call", "category": "call", "lead": lead.pk}, by=Actor(user))
    lead.refresh_from_db()
    assert lead.stage == "new"
