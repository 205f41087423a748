"""The URLs of the settings area, below /settings/."""

from django.urls import path

from kanal.web import settings_pages
from kanal.web.http import signed
from kanal.web.settings_pages import (
    audit,
    choices,
    currencies,
    customfields,
    fieldrules,
    jobs,
    options,
    performance,
    roles,
)

urlpatterns = [
    path("", settings_pages.settings_index, name="settings"),
    path("options/<slug:page>/", signed(options.options), name="settings-options"),
    path("categories/", choices.choice_list, name="categories"),
    path("categories/<slug:slug>/", choices.options, name="choices"),
    path("categories/<slug:slug>/new", choices.edit_choice, name="choice-new"),
    path("categories/<slug:slug>/<int:pk>/edit", choices.edit_choice, name="choice-edit"),
    path("categories/<slug:slug>/<int:pk>/delete", choices.delete_choice, name="choice-delete"),
    path("custom-fields/", customfields.custom_field_list, name="custom-fields"),
    path("custom-fields/new", customfields.edit_custom_field, name="custom-field-new"),
    path("custom-fields/<int:pk>/edit", customfields.edit_custom_field, name="custom-field-edit"),
    path("custom-fields/<int:pk>/delete", customfields.delete_custom_field, name="custom-field-delete"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/new", signed(roles.new_role), name="role-new"),
    path("roles/<int:pk>/", roles.role, name="role"),
    path("roles/<int:pk>/members", roles.add_member, name="role-member"),
    path("roles/<int:pk>/members/<int:member>/remove", roles.remove_member, name="role-member-remove"),
    path("jobs/", jobs.all_jobs, name="jobs"),
    path("jobs/retry", jobs.retry_all, name="jobs-retry"),
    path("audit/", audit.audit, name="audit"),
    path("currencies/", signed(currencies.currencies), name="currencies"),
    path("performance/", performance.performance, name="performance"),
    path("performance/statements/<int:pk>/", performance.statement, name="performance-statement"),
    path("field-rules/", signed(fieldrules.rules), name="field-rules"),
    path("field-rules/<int:pk>/delete", signed(fieldrules.delete_rule), name="field-rule-delete"),
    path("field-visibility/", signed(fieldrules.visibility), name="field-visibility"),
    path("field-visibility/<int:pk>/delete", signed(fieldrules.delete_visibility), name="field-visibility-delete"),
]
