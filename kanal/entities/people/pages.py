"""The user's own profile and API tokens, with links to password, second factor and sessions (ACC-9)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kanal.core import tokens, writes
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.fields.code_tables import zone_options
from kanal.core.fields.field import Option
from kanal.core.fields.registry import native_fields
from kanal.core.models import ApiToken
from kanal.entities.people.entity import USERS
from kanal.entities.people.models import User
from kanal.kit.errors import Invalid, NotFound
from kanal.web import forms
from kanal.web.http import actor_of, go

PERSON = ("first_name", "last_name", "email", "phone", "job_title")
DAYS = (30, 90, 365, 0)


def profile_fields(user: Any) -> list[Field]:
    """Return the fields of a user's own profile, with language and time zone as choices."""
    known = {field.key: field for field in native_fields(USERS)}
    languages = tuple(Option(code, name) for code, name in settings.LANGUAGES)
    return [
        *(known[key] for key in PERSON),
        known["language"].but(
            type=FIELD_TYPES["choice"], choices=languages, help=_("Default: your browser's language.")
        ),
        known["time_zone"].but(
            type=FIELD_TYPES["choice"],
            choices=zone_options(user.time_zone),
            help=_("Default: the company's time zone."),
        ),
    ]


def me(request: HttpRequest) -> HttpResponse:
    """Show and store the user's own profile."""
    user = User.objects.get(pk=request.user.pk or 0)
    fields = profile_fields(user)
    form = forms.build_form(
        [(_("Profile"), fields)], {field.key: getattr(user, field.column) or None for field in fields}, user
    )
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        try:
            by = actor_of(request).within_action("profile")  # permitted: to all users for their own profile
            writes.change(user, typed, by=by)
            messages.success(request, _("Saved"))
            return go(request, "/me/")
        except Invalid as problem:
            form.refuse(problem)
    return render_profile(request, form=form, status=422 if form.summary else 200)


def render_profile(
    request: HttpRequest, *, form: forms.Form | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """Return the profile page."""
    owner: Any = request.user
    if form is None:
        fields = profile_fields(request.user)
        values = {field.key: getattr(request.user, field.column) or None for field in fields}
        form = forms.build_form([(_("Profile"), fields)], values, request.user)
    context = {
        "title": _("Your profile"),
        "form": form,
        "tokens": ApiToken.objects.filter(user=owner),
        "days": DAYS,
        "now": timezone.now(),
        **more,
    }
    return render(request, "people/me.html", context, status=status)


@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Create an API token and show it. It can't be displayed again."""
    name = request.POST.get("name", "").strip()[:120]
    if not name:
        return render_profile(request, token_error=_("Give the token a name."), status=422)
    scope = tokens.READ if request.POST.get("scope") == tokens.READ else tokens.WRITE
    days = request.POST.get("days", "")
    expires = timezone.now() + dt.timedelta(days=int(days)) if days in {str(day) for day in DAYS if day} else None
    return render_profile(request, token=tokens.create_token(request.user, name, scope, expires, by=actor_of(request)))


@require_POST
def delete_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke the user's own token."""
    owner: Any = request.user
    row = ApiToken.objects.filter(pk=pk, user=owner).first()
    if row is None:
        raise NotFound
    tokens.withdraw(row, by=actor_of(request))
    return go(request, "/me/")
