"""Index queries of search queries. No database."""

from kanal.features.search.words import asked_words, heads_query, patterns, tsquery


def test_a_question_asks_for_beginnings_of_words():
    assert tsquery([["nord"], ["oslo", "osl"]]) == "('nord':*) & ('oslo':* | 'osl':*)"


def test_a_few_letters_beside_a_word_are_not_asked_of_the_index():
    """Half of all entries have a word with that prefix; it's matched within the results of the longer word."""
    assert tsquery([["nord"], ["a"]]) == "('nord':*)"
    assert tsquery([["jo"], ["sm"]]) == "('jo':*) & ('sm':*)"
    assert tsquery([["12"]]) == "('12')"


def test_first_letters_are_asked_for_within_a_scope():
    assert heads_query([["nor"], ["bergen"]], ["owner2", "owner1"]) == "('@owner1' | '@owner2') & ('^nor') & ('^berge')"
    assert heads_query([["nord", "nordlys"]], ["some"]) == "('@some') & ('^nor' | '^nordl')"
    assert heads_query([["nord"], ["a"]], ["some"]) == "('@some') & ('^nor')"
    assert heads_query([["no"], ["be"]], ["some"]) == ""


def test_what_begins_so_stands_behind_a_space():
    assert patterns([["nord"], ["oslo", "osl"]]) == [["% nord%"], ["% oslo%", "% osl%"]]


def test_letters_that_mean_something_to_the_database_are_no_letters():
    assert asked_words("no'rd:* | a\\%_b & c") == ["no", "rd", "a", "b", "c"]
