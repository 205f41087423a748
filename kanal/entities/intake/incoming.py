"""All values of a post with their paths and the sender's names, regardless of the post's structure (INTAKE-1)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kanal.entities.intake.naming import split_words
from kanal.entities.intake.paths import dig, opened, single
from kanal.entities.intake.shapes import channel_of, is_channel, is_person_or_address, of_company
from kanal.entities.intake.spellings import OTHER_NAMES

NAMES = ("name", "key", "label", "question", "title", "column_id", "field_name", "id", "ref", "slug")
TITLES = ("label", "question", "title", "field_name", "name", "key", "ref", "slug", "column_id")
VALUES = ("value", "values", "answer", "string_value", "response", "content", "text", "accepted", "checked")
ONE_VALUE = frozenset(["value", "full", "type", "label", "id", "timestamp", "versions", "source", "sourceId"])
DEEPEST, MOST = 8, 400
REFERENCE = frozenset(["id", "name", "title", "url", "type"])
FORMS = frozenset(["formId", "form_id", "siteId", "formID", "data", "fields"])
# Names of containers with a person's input, …
_CONTAINERS = """
data fields field values answers answer questions question responses response merges lead leads payload person
properties property form submission submissions body customer client user visitor prospect guest attendee invitee
applicant respondent submitter contact contacts formdata entry entries record records attributes hidden utm tracking
params query items item inquiry request rawrequest json current result results details info information input inputs
custom personal profile subscriber member company organization business billing shipping address location default
primary named namedvalues human values kunde message output content variables column columns
"""
CONTAINERS = frozenset(_CONTAINERS.split())
# … unless the name has one of these words: then it's about the form, its page, or someone else.
_OTHERS = """
owner agent page site campaign ad ads seller recipient recipients host meta definition schema theme settings headers
workspace assignee referrer device browser browserinfo creator author to cc bcc
"""
OTHERS = frozenset(_OTHERS.split())


@dataclass(frozen=True)
class Incoming:
    """A value of a post: its path, its name there, and the value itself.

    `is_plain` tells whether its name is reliable: it's at the top level or among answers. `also` are additional names
    from the sender, `kind` is the field type in the form.
    """

    path: str
    name: str
    value: Any
    is_plain: bool = True
    also: tuple[str, ...] = ()
    kind: str = ""


def incoming(data: Any) -> list[Incoming]:
    """Return all values of a post with their paths, at most MOST."""
    entries = []
    titles = titles_in(data, 0)
    for entry in [*walk_brackets(data), *walk(data, "", "", 0, is_plain=True)]:
        entries.append(titled(entry, titles))
        if len(entries) == MOST:
            break
    return entries


def titles_in(data: Any, depth: int) -> dict[str, str]:
    """Return the titles of a form's questions by id, if a post includes the form's definition."""
    titles: dict[str, str] = {}
    if depth > 3 or not isinstance(data, dict):
        return titles
    for key, value in data.items():
        inner = opened(value)
        if isinstance(inner, dict):
            titles |= titles_in(inner, depth + 1)
            questions = inner.get("fields") if key in ("definition", "form", "schema") else None
            for question in questions if isinstance(questions, list) else ():
                if isinstance(question, dict) and isinstance(
                    title := question.get("title") or question.get("label"), str
                ):
                    titles |= {str(question[name]): title for name in ("ref", "id", "key") if question.get(name)}
    return titles


def titled(entry: Incoming, titles: Mapping[str, str]) -> Incoming:
    """Return a value named by the title of its question, if the post has one."""
    title = next((titles[name] for name in (entry.name, *entry.also) if name in titles), "")
    return replace(entry, name=title, also=(entry.name, *entry.also)) if title else entry


def walk_brackets(data: Any) -> Iterator[Incoming]:
    """Yield the values of a form with several entries per field: fields[a][title], fields[a][value]."""
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        around = str(key).removesuffix("[value]")
        if around == key or "[" not in around or value in (None, "", [], {}):
            continue
        said = [str(data[part]) for name in ("title", "label", "id") if data.get(part := f"{around}[{name}]")]
        name, *also = (*said, last_name_of(around))
        kind = str(data.get(f"{around}[type]", ""))
        yield Incoming(str(key), name, single(value), is_container(around.partition("[")[0]), tuple(also), kind)


def is_described(key: str, data: Mapping[str, Any]) -> bool:
    """Return whether a name in a form is covered by `walk_brackets`."""
    around = key.rpartition("[")[0]
    return "[" in around and f"{around}[value]" in data


def walk(data: Any, path: str, name: str, depth: int, *, is_plain: bool) -> Iterator[Incoming]:
    """Yield the values under a path."""
    data = opened(data)
    if depth > DEEPEST:
        return
    if isinstance(data, list) and any(isinstance(item, dict) for item in data):
        yield from walk_list(data, path, name, depth, is_plain=is_plain)
    elif isinstance(data, dict) and data:
        yield from walk_object(data, path, name, depth, is_plain=is_plain)
    elif single(data) not in (None, "", [], {}):
        yield Incoming(path, name, single(data), is_plain)


def walk_object(data: dict, path: str, name: str, depth: int, *, is_plain: bool) -> Iterator[Incoming]:
    """Yield the values of an object. An object that is a single value in parts is yielded as such."""
    if path and (is_channel(name, data) or (is_plain and is_person_or_address(data))):
        yield Incoming(path, name, data, is_plain)
    elif path and is_company(name, data):
        yield from walk_company(data, path, name, depth, is_plain=is_plain)
    elif path and (named := name_key(data)) and (value := value_key(data, named)):
        yield build_incoming(data, value, f"{path}.{value}", data[named], name, is_plain=is_plain)
    elif path and (only_key := one_value_key(data)):
        yield Incoming(f"{path}.{only_key}", name, single(data[only_key]), is_plain)
    else:
        for key, value in data.items():
            if str(key) and not is_described(str(key), data):
                trusted = is_plain and is_trusted(str(key), value, data, path)
                inner = f"{path}.{key}" if path else str(key)
                yield from walk(value, inner, last_name_of(str(key)), depth + 1, is_plain=trusted)


def is_trusted(key: str, value: Any, data: Mapping[str, Any], path: str) -> bool:
    """Return whether the value under a key can have the meaning of its name and be about the lead."""
    if key == "name" and (FORMS & set(data) or (path and set(data) <= REFERENCE)):
        return False
    around, bracket, _rest = key.partition("[")
    if bracket and around and OTHERS & set(split_words(around)) | {"form"} & set(split_words(around)):
        return False
    inner, last = opened(value), last_name_of(key)
    if not isinstance(inner, dict | list) or is_scalars(inner):
        return True
    return is_container(last) or bool(path and name_key(inner)) or bool(one_value_key(inner)) or bool(
        is_person_or_address(inner) or channel_of(last)
    )  # fmt: skip


def is_container(name: str) -> bool:
    """Return whether values under a name were entered by the lead."""
    words = {*split_words(name), "".join(split_words(name))}
    return bool(words & CONTAINERS or OTHER_NAMES.get("".join(split_words(name)))) and not words & OTHERS


def is_company(name: str, data: Mapping[str, Any]) -> bool:
    """Return whether an object is a company with a name."""
    words = split_words(name)
    is_named = OTHER_NAMES.get("".join(words)) == "company" or bool({"company", "account"} & {*words[-1:]})
    return is_named and any(
        of_company(str(key), data) == "company" and isinstance(value, str) for key, value in data.items()
    )


def walk_company(data: dict, path: str, name: str, depth: int, *, is_plain: bool) -> Iterator[Incoming]:
    """Yield the values of a company object. Its email address and phone number aren't the person's."""
    for key, value in data.items():
        target = of_company(str(key), data)
        known = (bool(target) and (target != "company" or isinstance(value, str))) or is_person_or_address(value)
        label = target if known and target == "company" else str(key) if known else f"{name} {key}"
        yield from walk(value, f"{path}.{key}", label, depth + 1, is_plain=is_plain and known)


def walk_list(data: list, path: str, name: str, depth: int, *, is_plain: bool) -> Iterator[Incoming]:
    """Yield the values of a list of objects, each identified by its own name if it has one."""
    is_of_channel = all(is_channel(name, item) for item in data)
    first = next((place for place, item in enumerate(data) if is_of_channel and item.get("primary") is True), 0)
    for place, entry in enumerate(data):
        if not isinstance(entry, dict):
            continue
        named = "" if is_of_channel else name_path(entry, data)
        value = value_path(entry, named)
        if named and value and "]" not in (label := str(dig(entry, named))) and "[" not in label:
            yield build_incoming(entry, value, f"{path}[{named}={label}].{value}", label, is_plain=is_plain)
        else:
            is_first = place == first and (is_of_channel or len(data) == 1)
            label = name if is_of_channel else ""
            yield from walk(entry, f"{path}.{place}", label, depth + 1, is_plain=is_plain and is_first)


def build_incoming(entry: Mapping[str, Any], value: str, path: str, *names: str, is_plain: bool) -> Incoming:
    """Return the value of an object that names it: by the readable name, then by its ids."""
    field = entry["field"] if isinstance(entry.get("field"), dict) else {}
    said = [holder[key] for holder in (entry, field) for key in TITLES if isinstance(holder.get(key), str)]
    first, *also = dict.fromkeys(name for name in (*said, *names, field.get("id")) if name)
    kind = entry.get("type") or field.get("type")
    return Incoming(path, first, chosen(entry, dig(entry, value)), is_plain, tuple(also), str(kind or "").lower())


def chosen(entry: Mapping[str, Any], raw: Any) -> Any:
    """Return the content of an answer. Ids of options are replaced by their labels."""
    options = entry.get("options")
    if isinstance(options, list) and all(isinstance(option, dict) for option in options):
        texts = {str(option.get("id")): option.get("text") or option.get("label") for option in options}
        picked = [texts.get(str(each)) or each for each in (raw if isinstance(raw, list) else [raw])]
        return single(picked)
    return simple(raw)


def one_value_key(data: Any) -> str:
    """Return the key of an object that contains one value and its metadata."""
    if not isinstance(data, dict) or not set(data) <= ONE_VALUE:
        return ""
    return next((key for key in ("value", "full") if key in data), "")


def name_path(entry: dict, entries: list) -> str:
    """Return the path under which the entries of a list have names of their own."""
    places = [*NAMES, "field.ref", "field.name", "field.title", "field.id"]
    for place in places:
        named = dig(entry, place)
        if isinstance(named, str) and named:
            same = [other for other in entries if isinstance(other, dict) and dig(other, place) == named]
            if len(same) == 1:
                return place
    return ""


def name_key(data: Any) -> str:
    """Return the key of an object's name, if the object also contains its value."""
    if not isinstance(data, dict):
        return ""
    named = next((key for key in ("name", "label", "title", "question") if isinstance(data.get(key), str)), "")
    return named if named and value_key(data, named) else ""


def value_key(data: Mapping[str, Any], named: str) -> str:
    """Return the key of an object's value, which may depend on its type."""
    kind = data.get("type")
    if isinstance(kind, str) and kind in data and kind not in (*NAMES, named):
        return kind
    return next((key for key in VALUES if key in data and key != named), "")


def value_path(entry: Mapping[str, Any], named: str) -> str:
    """Return the path of a list entry's value, including nested ones."""
    if direct_key := value_key(entry, named):
        return direct_key
    deep = [key for key, value in entry.items() if isinstance(value, dict) and key not in ("field", "options")]
    if len(deep) != 1:
        return ""
    path, inner = deep[0], entry[deep[0]]
    while isinstance(inner, dict):
        key = value_key(inner, "") or (next(iter(inner)) if len(inner) == 1 else "")
        if not key:
            return ""
        path, inner = f"{path}.{key}", inner[key]
    return path


def simple(value: Any) -> Any:
    """Return the label or labels of a choice."""
    value = single(value)
    if isinstance(value, dict):
        for key in ("label", "labels", "value", "text", "other"):
            if value.get(key):
                return single(value[key])
    return value


def is_scalars(data: Any) -> bool:
    """Return whether a list contains only scalars."""
    return isinstance(data, list) and not any(isinstance(item, dict | list) for item in data)


def last_name_of(name: str) -> str:
    """Return the last part of a name, for forms that send data[merges][EMAIL]."""
    inner = re.findall(r"\[([^\[\]]+)\]", name)
    return inner[-1] if inner else name
