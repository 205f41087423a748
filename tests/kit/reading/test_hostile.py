"""Long cells cost no time (SEC-3): each reader refuses or reads them at once."""

import time
from contextlib import suppress

import pytest

from kanal.kit.errors import Invalid
from kanal.kit.reading.booleans import read_boolean
from kanal.kit.reading.columns import date_order_of, decimal_sign_of, percent_scale_of
from kanal.kit.reading.countries import read_country
from kanal.kit.reading.dates import read_date
from kanal.kit.reading.encodings import decode
from kanal.kit.reading.money import read_money
from kanal.kit.reading.numbers import read_number
from kanal.kit.reading.percent import read_percent
from kanal.kit.reading.phones import read_phone

READERS = [read_number, read_money, read_percent, read_date, read_country, read_boolean, read_phone]
COLUMNS = [lambda text, of=of: of([text]) for of in (decimal_sign_of, date_order_of, percent_scale_of)]
LONG = [
    "1" * 100_000,
    "a" * 100_000,
    " " * 100_000 + "x",
    "a \t" * 50_000 + "%",
    "1." * 50_000,
    "€ " * 50_000,
    "(" * 100_000,
]


@pytest.mark.parametrize("read", [*READERS, *COLUMNS, lambda text: decode(text.encode("cp1252") + b"\xe5\xe6")])
@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_a_long_text_is_refused_at_once(read, text):
    began = time.process_time()
    with suppress(Invalid):
        read(text)
    assert time.process_time() - began < 2
