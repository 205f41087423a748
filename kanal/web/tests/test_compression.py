"""Pages are sent compressed and complete, with a length that reveals nothing (PERF-14, SEC-2)."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from kanal.web.compression import compressed

PAGE = b"<!doctype html>" + b"<p>A long page</p>" * 200


def ask(response, accepts="gzip, br"):
    return compressed(lambda _request: response)(RequestFactory().get("/", headers={"Accept-Encoding": accepts}))


def test_a_page_is_packed_and_comes_out_as_it_was():
    """PERF-14"""
    response = ask(HttpResponse(PAGE))
    assert response["Content-Encoding"] == "gzip"
    assert response["Vary"] == "Accept-Encoding"
    assert int(response["Content-Length"]) == len(response.content) < len(PAGE) // 4
    assert gzip.decompress(response.content) == PAGE


def test_the_length_does_not_tell_how_well_a_page_was_packed():
    """SEC-2: an answer that repeats a guess is not shorter by a length that can be measured at once."""
    assert len({len(ask(HttpResponse(PAGE)).content) for _each in range(30)}) > 5


@pytest.mark.parametrize(
    ("response", "accepts"),
    [
        (HttpResponse(PAGE), "br"),
        (HttpResponse(b"short"), "gzip"),
        (HttpResponse(PAGE, content_type="application/pdf"), "gzip"),
        (StreamingHttpResponse([PAGE]), "gzip"),
    ],
)
def test_what_is_short_streamed_or_no_page_goes_as_it_is(response, accepts):
    assert not ask(response, accepts).has_header("Content-Encoding")
