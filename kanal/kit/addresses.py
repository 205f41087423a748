"""E-mail addresses and domains: normalize them, and reject deceptive look-alikes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid
from kanal.kit.hosts import ascii_host, host_of, is_own, readable_host

_LOCAL = re.compile(r"[^\s\"(),:;<>@\[\]\\]{1,64}")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "Zs", "Mn", "Me"}
_SCRIPTS_THAT_MIX = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
# Cyrillic and Greek letters that look like Latin ones: a label made only of them is a disguise under a Latin TLD.
_LOOK_LATIN = frozenset("асеорхуіјѕһԁԛԝӏьвгкмнтзαικνορτυχ")
_FREE_MAIL = frozenset(
    [
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "passport.com"),
        *("yahoo.com", "ymail.com", "rocketmail.com", "yahoo.co.uk", "yahoo.co.jp", "yahoo.co.in", "yahoo.com.br"),
        *("icloud.com", "me.com", "mac.com", "aol.com", "aim.com", "mail.com", "email.com", "usa.com", "gmx.com"),
        *("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "arcor.de", "online.de"),
        *("orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "tin.it"),
        *("seznam.cz", "email.cz", "centrum.cz", "post.cz", "azet.sk", "zoznam.sk", "centrum.sk", "wp.pl", "o2.pl"),
        *("onet.pl", "interia.pl", "op.pl", "freemail.hu", "citromail.hu", "abv.bg", "ukr.net", "i.ua", "mail.ru"),
        *("bk.ru", "inbox.ru", "list.ru", "yandex.ru", "yandex.com", "ya.ru", "rambler.ru", "inbox.lv", "mail.ee"),
        *("online.no", "start.no", "broadpark.no", "getmail.no", "telia.com", "spray.se", "comhem.se", "luukku.com"),
        *("suomi24.fi", "mail.dk", "jubii.dk", "ziggo.nl", "kpnmail.nl", "planet.nl", "hetnet.nl", "telenet.be"),
        *("skynet.be", "bluewin.ch", "hispeed.ch", "aon.at", "chello.at", "sapo.pt", "terra.es", "telefonica.net"),
        *("btinternet.com", "sky.com", "virginmedia.com", "ntlworld.com", "talktalk.net", "comcast.net", "att.net"),
        *("verizon.net", "sbcglobal.net", "cox.net", "charter.net", "bell.net", "rogers.com", "shaw.ca", "bigpond.com"),
        *("uol.com.br", "bol.com.br", "terra.com.br", "qq.com", "163.com", "126.com", "sina.com", "foxmail.com"),
        *("naver.com", "daum.net", "hanmail.net", "rediffmail.com", "proton.me", "protonmail.com", "pm.me"),
        *("tutanota.com", "tuta.com", "tuta.io", "fastmail.com", "fastmail.fm", "hey.com", "zoho.com", "mailbox.org"),
        *("volny.cz", "tiscali.it", "tiscali.cz", "alice.it", "ig.com.br", "globo.com", "139.com", "sina.cn"),
        *("aliyun.com", "docomo.ne.jp", "ezweb.ne.jp", "softbank.ne.jp", "nifty.com", "bigmir.net", "interia.eu"),
        *("poczta.onet.pl", "gazeta.pl", "tlen.pl", "t-online.hu", "indamail.hu", "mail.bg", "k.ro", "eircom.net"),
        *("xtra.co.nz", "optusnet.com.au", "bigpond.net.au", "telus.net", "sympatico.ca", "videotron.ca"),
        *("duck.com", "privaterelay.appleid.com", "scarlet.be", "proximus.be", "frisurf.no", "lyse.net"),
        *("altibox.no", "bredband.net", "passagen.se", "swipnet.se", "kolumbus.fi", "elisanet.fi", "pp.inet.fi"),
        *("simnet.is", "neostrada.pl", "vodafone.it", "caramail.com", "numericable.fr", "bbox.fr", "neuf.fr"),
        *("club-internet.fr", "aliceadsl.fr", "hispavista.com", "ya.com", "mail.pt", "clix.pt", "otenet.gr"),
        *("hol.gr", "windowslive.com", "mynet.com", "vp.pl", "poczta.fm", "email.it", "fastwebnet.it"),
        *("inwind.it", "iol.pt", "netcabo.pt", "telefonica.es", "movistar.es", "ono.com", "euskaltel.net"),
        *("casema.nl", "home.nl", "upcmail.nl", "xs4all.nl", "chello.nl", "vodafone.de", "kabelmail.de"),
        *("unitybox.de", "versanet.de", "utanet.at", "inode.at", "swissonline.ch", "sunrise.ch", "post.sk"),
        *("atlas.cz", "atlas.sk", "tiscali.co.uk", "blueyonder.co.uk", "plus.net", "zen.co.uk", "iinet.net.au"),
        *("tpg.com.au", "juno.com", "earthlink.net", "mindspring.com", "frontier.com", "windstream.net"),
        *("optonline.net", "cantv.net", "prodigy.net.mx", "sify.com", "yeah.net", "tom.com", "sohu.com"),
        *("hanmail.com", "nate.com", "seznam.com", "one.lt", "delfi.ee", "hot.ee", "apollo.lv", "tvnet.lv"),
        *("walla.co.il", "mweb.co.za", "vodamail.co.za", "webmail.co.za"),
        *("posteo.de", "posteo.net", "hushmail.com", "mailinator.com", "yopmail.com", "guerrillamail.com"),
    ]
)
_FREE_MAIL_FAMILY = re.compile(r"(?:yahoo|hotmail|outlook|live|gmx)\.(?:co\.|com\.)?[a-z]{2}")


@lru_cache(maxsize=4096)
def normalize_email(text: str) -> str:
    """Return the normalized address used for storage and comparison. Raise Invalid if it's malformed."""
    address = unicodedata.normalize("NFC", text.strip())
    _refuse_hidden(address)
    if unicodedata.normalize("NFKC", address) != address:
        raise Invalid(_("The e-mail address contains characters that only look like ordinary letters."))
    address = address.lower()
    local, at, domain = address.rpartition("@")
    if not at or len(address) > 254 or not _LOCAL.fullmatch(local) or _has_odd_dots(local):
        raise _not_an_address(text)
    domain = _readable_domain(domain, text)
    for label in [*re.split(r"[._+-]", local), *domain.split(".")]:
        _refuse_mixed(label)
    _refuse_disguise(domain)
    return f"{local}@{domain}"


def domain_of(address: str) -> str:
    """Return the domain of an e-mail address or a web address without "www.", or "" if it has none."""
    return host_of(address).removeprefix("www.")


def is_free_mail(domain: str) -> bool:
    """Return whether anyone can get an address at the domain, so it doesn't identify a company."""
    domain = domain.lower()
    return domain in _FREE_MAIL or bool(_FREE_MAIL_FAMILY.fullmatch(domain))


def own_domain(address: str) -> str:
    """Return the domain of an e-mail or web address if it belongs to one company, else ""."""
    domain = domain_of(address)
    return domain if domain and is_own(domain) and not is_free_mail(domain) else ""


def normalize_website(text: str) -> str:
    """Return a web address with a normalized host. Deceptive hosts stay in ASCII (punycode)."""
    parts = urlsplit(text)
    host = parts.hostname or ""
    readable = readable_host(host)
    try:
        for label in readable.split("."):
            _refuse_mixed(label)
        _refuse_disguise(readable)
    except Invalid:
        readable = ascii_host(readable)
    start = parts.netloc.lower().rfind(host)
    netloc = parts.netloc[:start] + readable + parts.netloc[start + len(host) :]
    return parts._replace(netloc=netloc).geturl()


def _refuse_hidden(address: str) -> None:
    for character in address:
        if unicodedata.category(character) in _HIDDEN:
            code = f"U+{ord(character):04X}"
            message = _("The e-mail address contains a space, or an invisible character (%(code)s).")
            raise Invalid(message % {"code": code})


def _has_odd_dots(local: str) -> bool:
    return local.startswith(".") or local.endswith(".") or ".." in local


def _readable_domain(domain: str, text: str) -> str:
    labels = domain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise _not_an_address(text)
    decoded = readable_host(domain)
    _refuse_hidden(decoded)
    return decoded


def _scripts(label: str) -> set[str]:
    return {unicodedata.name(letter, "UNKNOWN").split(" ")[0].split("-")[0] for letter in label if letter.isalpha()}


def _refuse_mixed(label: str) -> None:
    scripts = _scripts(label)
    if len(scripts) > 1 and not any(scripts <= family for family in _SCRIPTS_THAT_MIX):
        message = _("“%(part)s” mixes letters of several alphabets that look alike.")
        raise Invalid(message % {"part": label})


def _refuse_disguise(domain: str) -> None:
    *labels, ending = domain.split(".")
    for label in labels:
        letters = {letter for letter in label if letter.isalpha()}
        if ending.isascii() and letters and letters <= _LOOK_LATIN:
            message = _("“%(part)s” is written in letters that look like Latin ones but are not.")
            raise Invalid(message % {"part": label})


def _not_an_address(text: str) -> Invalid:
    return Invalid(_("“%(text)s” is not an e-mail address.") % {"text": text.strip()[:80]})
