"""The URLs of pages: those of every record type by declaration, then the individual ones."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLResolver, include, path

from kanal.core import registry
from kanal.core.entity import Entity
from kanal.kit.errors import NotFound
from kanal.web import (
    actions,
    comments,
    composer,
    detail,
    files,
    form,
    health,
    home,
    lists,
    metrics,
    news,
    overview,
    places,
    project_scope,
    settings_pages,
    stage_bar,
    status_chart,
    styleguide,
)
from kanal.web.project_scope import in_project
from kanal.web.settings_pages import jobs

View = Callable[..., HttpResponseBase]


def for_type(view: View, entity: Entity) -> View:
    """Return a generic page for one type."""
    return update_wrapper(partial(view, entity=entity), view)


def many(entity: Entity) -> list[tuple[str, str, View]]:
    """List the URLs of a type's list pages: (path, name, page)."""
    patterns: list[tuple[str, str, View]] = []
    if entity.has_overview:
        patterns += [("", "home", overview.overview), ("statuses", "statuses", status_chart.breakdown)]
    patterns += lists.routes(entity)
    if entity.is_creatable:
        patterns.append(("new", "new", form.new_record))
    return patterns


def one(entity: Entity) -> list[tuple[str, str, View]]:
    """List the URLs of a record: its page, forms, comments, files, and actions last."""
    patterns: list[tuple[str, str, View]] = [("", "detail", detail.detail), ("edit", "edit", form.edit_record)]
    patterns += [("delete", "delete", form.delete_record), ("history", "history", detail.history)]
    if entity.has_history:
        patterns.append(("news", "news", news.news))
    if places.has_address(entity):
        patterns.append(("map", "record-map", places.record_map))
    if entity.has_stages:
        patterns += [("stage", "stage", stage_bar.move_record)]
    if entity.has_comments:
        patterns += [("compose", "compose", composer.compose)]
    if entity.has_files:
        patterns += [("files", "files", files.upload)]
    return [*patterns, ("<slug:verb>", "action", actions.action)]


def of_type(entity: Entity) -> URLResolver:
    """Return all URLs of a type, below its path, so that other types' URLs are skipped at once."""
    patterns = [path(end, for_type(view, entity), name=f"{entity.key}-{name}") for end, name, view in many(entity)]
    patterns += [
        path(f"<int:pk>/{end}", for_type(view, entity), name=f"{entity.key}-{name}") for end, name, view in one(entity)
    ]
    return path(f"{entity.path}/", include(patterns))


def in_projects(entity: Entity) -> URLResolver:
    """Return the URLs of a type's records in a project."""
    patterns = [
        path(end, in_project(for_type(view, entity)), name=f"project-{entity.key}-{name}")
        for end, name, view in many(entity)
    ]
    return path(f"{entity.path}/", include(patterns))


def types() -> list[URLResolver]:
    """Return the URLs of all types, longer paths first, so that none shadows another."""
    entities = sorted(registry.all_entities(), key=lambda entity: -len(entity.path))
    below: list[Any] = [path("", project_scope.by_identifier, name="project")]
    below += [in_projects(entity) for entity in entities if entity.path.startswith("crm/")]
    return [*map(of_type, entities), path("projects/<slug:identifier>/", include(below))]


def common_urls() -> list[Any]:
    """Return the URLs that aren't tied to a type."""
    return [
        path("", home.home, name="home"),
        path("healthz", health.alive, name="healthz"),
        path("readyz", health.ready, name="readyz"),
        path("metrics", metrics.metrics, name="metrics"),
        path("crm/", overview.crm, name="crm"),
        path("comments/<int:pk>/edit", comments.edit_comment, name="comment-edit"),
        path("comments/<int:pk>/delete", comments.delete_comment, name="comment-delete"),
        path("files/<int:pk>", files.download, name="file"),
        path("files/<int:pk>/versions/<int:number>", files.download, name="file-version"),
        path("files/<int:pk>/rename", files.rename, name="file-rename"),
        path("files/<int:pk>/delete", files.delete_file, name="file-delete"),
        path("files/<int:pk>/current/<int:number>", files.make_current, name="file-current"),
        path("styleguide/", staff_only(styleguide.styleguide), name="styleguide"),
        path("settings/", include("kanal.web.settings_pages.urls")),
        path("crm/settings/", settings_pages.crm_settings, name="crm-settings"),
        path("me/jobs/", jobs.own_jobs, name="own-jobs"),
        path("jobs/<int:pk>/cancel", jobs.cancel_job, name="job-cancel"),
        path("jobs/<int:pk>/retry", jobs.retry, name="job-retry"),
        path("", include("kanal.web.login.urls")),
    ]


def staff_only(view: View) -> View:
    """Limit a developer page to administrators."""

    def ask(request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
        if not getattr(request.user, "is_staff", False):
            raise NotFound
        return view(request, *args, **given)

    return ask


urlpatterns = [
    *common_urls(),
    path("", include("kanal.web.lists.urls")),
    path("", include("kanal.web.live.urls")),
    *types(),
]
