"""ISO 4217 decimals of currencies. Which currencies are in use is a setting, not defined here."""

from __future__ import annotations

# Minor units other than two.
_NO_MINOR_UNIT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_DIGITS = dict.fromkeys(_NO_MINOR_UNIT.split(), 0) | dict.fromkeys(_THOUSANDTHS.split(), 3) | {"CLF": 4, "UYW": 4}


def digits(currency: str) -> int:
    """Return the number of decimals of a currency (ISO 4217 minor units)."""
    return _DIGITS.get(currency, 2)
