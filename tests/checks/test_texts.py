"""Texts that people read are shown as they are declared: no code changes their capitals.

Which words begin with a capital is a matter of the language, so a label is declared and translated as it stands on the
page: “Close date”, not “close date”.
"""

import ast
import re

from tests.checks.sources import files, name, product, tree

CHANGES = {"capitalize", "title", "swapcase"}
# Methods that change capitals of what is no text of ours: rules of an import or a template about the user's own data.
OF_DATA = {
    "kanal/kit/documents/filters.py",
    "kanal/entities/intake/changes.py",
    "kanal/demo/generator/customfields.py",
}
# Names of code that become words of the API's document and the command line, which are in English.
OF_CODE = {"kanal/api/app.py", "kanal/config/diagnosis/report.py"}
TEXTS = {"label", "plural", "title", "verbose_name", "verbose_name_plural", "help"}
FILTERS = re.compile(r"\|\s*(capfirst|capitalize|title|upper|lower)\b")
STYLES = re.compile(r"text-transform:(?!\s*none)|::?first-letter")
SCRIPTS = re.compile(r"\.to(Locale)?UpperCase\(")


def changes_capitals(node: ast.AST) -> bool:
    """Return whether a part of the code changes the capitals of a text."""
    if isinstance(node, ast.alias):
        return node.name == "capfirst"
    if not isinstance(node, ast.Attribute):
        return False
    if node.attr in CHANGES:
        return isinstance(node.ctx, ast.Load) and is_method(node)
    inner = {part.attr for part in ast.walk(node.value) if isinstance(part, ast.Attribute)}
    return node.attr in ("lower", "upper") and bool(inner & TEXTS)


def is_method(node: ast.Attribute) -> bool:
    """Return whether an attribute is called, or is a method of `str` itself."""
    return getattr(node, "is_called", False) or (isinstance(node.value, ast.Name) and node.value.id == "str")


def mark_calls(module: ast.Module) -> None:
    """Mark the attributes that are called without arguments, as the methods that change capitals are."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
            node.func.is_called = True  # type: ignore[attr-defined]


def wrong_places(module: ast.Module) -> list[int]:
    """List the lines of a module that change capitals."""
    mark_calls(module)
    return [node.lineno for node in ast.walk(module) if changes_capitals(node)]  # type: ignore[attr-defined]


def test_no_code_changes_the_capitals_of_a_text():
    paths = [path for path in product() if name(path) not in OF_DATA | OF_CODE]
    wrong = [f"{name(path)}:{line}" for path in paths for line in wrong_places(tree(path))]
    assert not wrong, f"declare the text as it is shown: {wrong}"


def test_the_check_finds_what_changes_capitals():
    code = "from x import capfirst\ntext.capitalize()\nstr(one.label).lower()\nmap(str.title, texts)\n"
    assert wrong_places(ast.parse(code)) == [1, 2, 3, 4]
    assert wrong_places(ast.parse("word.lower()\nself.title(entry)\nfield.title\n")) == []


def test_no_template_style_or_script_changes_the_capitals_of_a_text():
    patterns = {(".html", ".jinja", ".txt"): FILTERS, (".css",): STYLES, (".js", ".ts"): SCRIPTS}
    wrong = [
        f"{name(path)}: {match[0]}"
        for suffixes, pattern in patterns.items()
        for path in files(*suffixes, folders=("kanal",))
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, f"declare the text as it is shown: {wrong}"


def test_labels_begin_as_they_are_shown():
    """A declared label, and the name of a record type, begins with a capital in English."""
    from kanal.core import registry
    from kanal.core.fields.registry import native_fields

    labels = [(entity.key, text) for entity in registry.all_entities() for text in (entity.label, entity.plural)]
    labels += [
        (f"{entity.key}.{field.key}", str(field.label))
        for entity in registry.all_entities()
        for field in native_fields(entity)
    ]
    assert not [label for label in labels if label[1][:1].islower()]


MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def is_literal(call: ast.Call) -> bool:
    """Return whether what a call marks stands there as it is: only then is it found for the catalogues."""
    texts = call.args[:2] if call.func.id.startswith(("n", "p")) else call.args[:1]  # type: ignore[attr-defined]
    return all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts)


def unmarked_calls(module: ast.Module) -> list[int]:
    """List the lines of a module that ask for the translation of a text that isn't written there."""
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return [call.lineno for call in calls if call.func.id in MARKS and not is_literal(call)]  # type: ignore[attr-defined]


def test_marked_texts_are_written_where_they_are_marked():
    wrong = [f"{name(path)}:{line}" for path in product() for line in unmarked_calls(tree(path))]
    assert not wrong, f"no catalogue would contain these: {wrong}"
    assert unmarked_calls(ast.parse('_(f"New {x}")\n_("a" "b")\nngettext("a", x, n)\n_("a" + b)')) == [1, 3, 4]
