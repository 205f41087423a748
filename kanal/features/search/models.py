"""The search index: the folded name of each record, and the words, numbers and addresses it contains."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, TextField, Value


class Words(Func):
    """Convert space-separated words to a tsvector unchanged, without language rules."""

    template = "array_to_tsvector(string_to_array(%(expressions)s))"
    output_field = SearchVectorField()


class Keys(Func):
    """The first letters of the words, and the words for visibility. Created by migration 0002."""

    function = "kanal_search_keys"
    output_field = SearchVectorField()


class SearchEntry(models.Model):
    """The search entry of a record. The access layer checks visibility on each search.

    `scope` contains the words of `acl_tokens.words_of_scope`. New entries are indexed immediately: every search would
    have to scan a pending list.
    """

    entity = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    hint = models.CharField(max_length=200, blank=True, default="")
    folded = models.CharField(max_length=300)
    words = models.TextField()
    scope = models.TextField(blank=True, default="", db_default="")
    vector = models.GeneratedField(
        expression=Words(F("words"), Value(" ", output_field=TextField())),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "record_id"], name="search_entry_once")]
        indexes = [
            GinIndex(fields=["vector"], name="search_words", fastupdate=False),
            GinIndex(Keys("words", "scope", "record_id"), name="search_keys", fastupdate=False),
            models.Index("entity", OpClass("folded", "varchar_pattern_ops"), name="search_names"),
        ]


class SearchWord(models.Model):
    """A word in names, as a candidate for misspelled ones."""

    word = models.CharField(max_length=40, unique=True)

    class Meta:
        indexes = [GinIndex(OpClass("word", "gin_trgm_ops"), name="search_word_similar")]
