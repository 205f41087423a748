"""Hosts of web and e-mail addresses: normalization, and whether a company can own the host (INTAKE-4)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from urllib.parse import urlsplit

import idna
import tldextract

_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
# No company owns domains under these: many share one host, or an account that creates many sites.
# The public suffix list doesn't contain them: it only knows services with a host per customer. Sources: the help pages
# of each service about its page addresses.
_SHARED = frozenset(
    [
        *("facebook.com", "fb.com", "fb.me", "instagram.com", "threads.net", "threads.com", "x.com", "twitter.com"),
        *("linkedin.com", "lnkd.in", "xing.com", "youtube.com", "youtu.be", "tiktok.com", "pinterest.com", "vk.com"),
        *("reddit.com", "t.me", "wa.me", "whatsapp.com", "snapchat.com", "vimeo.com", "bsky.app", "medium.com"),
        *("behance.net", "discord.gg", "discord.com", "twitch.tv", "patreon.com", "meetup.com", "eventbrite.com"),
        *("linktr.ee", "linkin.bio", "bio.link", "beacons.ai", "about.me", "taplink.cc", "calendly.com", "bit.ly"),
        *("tinyurl.com", "goo.gl", "github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "sourceforge.net"),
        *("sites.google.com", "docs.google.com", "forms.gle", "g.page", "g.co", "maps.google.com", "notion.so"),
        *("wixsite.com", "wix.com", "canva.com", "dropbox.com", "onedrive.live.com", "1drv.ms", "typeform.com"),
        *("etsy.com", "ebay.com", "amazon.com", "alibaba.com", "booking.com", "tripadvisor.com", "airbnb.com"),
        *("yelp.com", "trustpilot.com", "crunchbase.com", "glassdoor.com", "finn.no", "proff.no", "1881.no"),
        *("gulesider.no", "firmy.cz", "heureka.cz", "gelbeseiten.de", "wikipedia.org", "archive.org"),
    ]
)
# Each customer gets its own host; the bare host belongs to the service. The public suffix list has most of these.
_SUFFIXES = frozenset(
    [
        *("wordpress.com", "weebly.com", "jimdosite.com", "jimdofree.com", "jimdo.com", "business.site", "tumblr.com"),
        *("squarespace.com", "godaddysites.com", "mystrikingly.com", "strikingly.com", "site123.me", "webnode.com"),
        *("webnode.cz", "webnode.sk", "webnode.page", "estranky.cz", "ueniweb.com", "canva.site", "mailchimpsites.com"),
        *("hubspotpagebuilder.com", "substack.com", "bandcamp.com", "mystore.no", "hemsida24.se", "123website.no"),
        *("n.nu", "homepage.eu", "wixstudio.com", "wixstudio.io", "wordpress.org", "typepad.com", "livejournal.com"),
        *("mozello.com", "one.page", "unbouncepages.com", "myportfolio.com", "cargo.site", "zyrosite.com"),
    ]
)


@cache
def _public_suffixes() -> tldextract.TLDExtract:
    """Return the bundled public suffix list, without fetching or caching on disk."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@lru_cache(maxsize=4096)
def readable_host(host: str) -> str:
    """Return a host in lowercase and its own script, so that both spellings of a name match (IDNA 2008)."""
    return ".".join(_readable_label(label) for label in host.rstrip(".").lower().split("."))


def _readable_label(label: str) -> str:
    if label.isascii() and not label.startswith("xn--"):
        return label
    try:
        return str(idna.decode(label, uts46=True))
    except (idna.IDNAError, UnicodeError):
        return label


def ascii_host(host: str) -> str:
    """Return a host in its ASCII form, as sent over the network."""
    try:
        return idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return host


def host_of(address: str) -> str:
    """Return the host of an e-mail or web address, or ""."""
    text = address.strip().lower()
    if "@" in text and "/" not in text:
        host = text.rpartition("@")[2]
    else:
        try:
            host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
        except ValueError:
            return ""
    labels = host.rstrip(".").split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return ""
    return readable_host(host)


@lru_cache(maxsize=4096)
def is_own(host: str) -> bool:
    """Return whether one company can own a host: no public suffix, social network, site builder or code host."""
    labels = host.split(".")
    parents = {".".join(labels[place:]) for place in range(len(labels))}
    if parents & _SHARED or host in _SUFFIXES:
        return False
    parts = _public_suffixes()(host)
    return bool(parts.domain) and "." in host


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str:
    """Return the registered domain of a host: "example.co.uk" of "mail.example.co.uk", or "" if there is none."""
    parts = _public_suffixes()(host)
    return ".".join(part for part in (parts.domain, parts.suffix) if part) if parts.domain else ""
