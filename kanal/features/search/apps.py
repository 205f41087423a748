"""App configuration."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Search."""

    name = "kanal.features.search"
    label = "search"

    def ready(self) -> None:
        """Subscribe to every change of a record, in its own transaction."""
        from kanal.core import companions, events
        from kanal.core.references.columns import Policy, declare_policy
        from kanal.features.search import indexing, jobs, privacy

        companions.declare_table("search_searchentry")
        declare_policy(Policy.DERIVED, "search.searchentry.record_id")
        events.on("record.saved", indexing.save_entry, many=indexing.save_entries)
        events.on("record.moved", indexing.move_entry, many=indexing.move_entries)
        events.on("record.deleted", indexing.delete_entry, many=indexing.delete_entries)
        events.on("person.forgotten", privacy.forget_words)
        events.on("fields.limited", jobs.fields_limited)
