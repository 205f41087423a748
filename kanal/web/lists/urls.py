"""URLs shared by lists of all types: saved filters, search, pickers, progress."""

from django.urls import path

from kanal.web import progress, search
from kanal.web.http import signed
from kanal.web.importing import pages as importing
from kanal.web.importing import report as imported
from kanal.web.lists import export, filter_editor
from kanal.web.savedfilters import details, pages, saving

urlpatterns = [
    path("search", search.search_page, name="search"),
    path("filters/<slug:key>/editor", filter_editor.editor_page, name="filter-editor"),
    path("filters/<slug:key>/condition", filter_editor.editor_dialog, name="filter-condition"),
    path("saved-filters/<int:pk>/", details.saved_filter_page, name="saved-filter"),
    path("saved-filters/<int:pk>/mail", signed(details.mail_saved_view), name="saved-filter-mail"),
    path("saved-filters/<int:pk>/watch", signed(details.watch_saved_filter), name="saved-filter-watch"),
    path("saved-filters/<slug:key>/", pages.administration, name="saved-filters"),
    path("saved-filters/<slug:key>/new", signed(pages.new_saved_filter), name="saved-filter-new"),
    path("saved-filters/<slug:key>/save", signed(saving.save_view), name="saved-filter-save"),
    path("saved-filters/<int:pk>/edit", signed(pages.edit_saved_filter), name="saved-filter-edit"),
    path("saved-filters/<int:pk>/copy", signed(pages.copy_saved_filter), name="saved-filter-copy"),
    path("saved-filters/<int:pk>/delete", signed(pages.delete_saved_filter), name="saved-filter-delete"),
    path("saved-filters/<int:pk>/default", signed(pages.make_default), name="saved-filter-default"),
    path("progress/<int:pk>", progress.progress_page, name="progress"),
    path("progress/<int:pk>/cancel", progress.cancel_progress, name="progress-cancel"),
    path("exports/<int:pk>", export.exported_file, name="exported-file"),
    path("imports/<int:pk>/", importing.setup_page, name="import-mapping"),
    path("imports/<int:pk>/undo", imported.undo_page, name="import-undo"),
    path("imports/<int:pk>/refused.csv", imported.refused_csv, name="import-refused"),
    path("pick/<slug:key>", search.pick, name="pick"),
]
