"""Loops and conditions as people set them in Word, made what the template engine reads.

A loop or condition that begins in one cell and ends in another one repeats or drops whole rows; one that stands alone
in its paragraphs repeats or drops what lies between. docxtpl has prefixes for that (`{%tr`, `{%p`), which are set here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kanal.kit.documents.contents import W
from kanal.kit.documents.paragraphs import Text, texts_of

_STATEMENT = re.compile(r"\{%(?P<prefix>tr|tc|p|r)?[-+]?\s*(?P<word>\w+)(?P<rest>[^%}]*?)[-+]?%\}")
_OPENS = {"for": "endfor", "if": "endif"}
_DIVIDES = {"else", "elif"}
_BOXES = f"{W}txbxContent"
# What a paragraph may hold beside text, so that it is more than the place of a statement.
_OBJECTS = tuple(f"{W}{name}" for name in ("drawing", "pict", "object", "sectPr", "br", "fldChar", "fldSimple", "sym"))


@dataclass(eq=False)
class Statement:
    """A statement (`{% for … %}`) and where it stands: `is_first` and `is_last` among the words of its paragraph."""

    text: Text
    start: int
    source: str
    word: str
    prefix: str
    is_first: bool
    is_last: bool

    @property
    def paragraph(self) -> Any:
        """Return its paragraph."""
        return self.text.paragraph


Block = list[Statement]


@dataclass(eq=False)
class Move:
    """A statement that is to stand before or after a row or paragraph, or in place of it."""

    statement: Statement
    target: Any
    where: str

    def marker(self) -> Any:
        """Return a paragraph, or a row with one, that docxtpl replaces by the statement."""
        kind = "tr" if self.target.tag == f"{W}tr" else "p"
        element = self.target.makeelement(f"{W}{kind}", {})
        inner = element
        for name in ("tc", "p", "r", "t") if kind == "tr" else ("r", "t"):
            child = inner.makeelement(f"{W}{name}", {})
            inner.append(child)
            inner = child
        inner.text = re.sub(
            r"^\{%(?:tr|tc|p|r)?[-+]?", f"{{%{kind} ", re.sub(r"[-+]?%\}$", "%}", self.statement.source)
        )
        return element


def lift_statements(tree: Any) -> None:
    """Set statements that enclose whole rows or paragraphs around these, by docxtpl's own prefixes."""
    streams: dict[Any, list[Text]] = {}
    for text in texts_of(tree):
        streams.setdefault(next(text.paragraph.iterancestors(_BOXES), None), []).append(text)
    for texts in streams.values():
        statements = [statement for text in texts for statement in _statements(text)]
        order = {statement: place for place, statement in enumerate(statements)}
        moves = [move for block in _blocks(statements) for move in _moves(block)]
        moves += _crowded(statements)
        _carry_out(sorted(moves, key=lambda move: order[move.statement]))


def _statements(text: Text) -> Iterator[Statement]:
    whole = text.whole
    for match in _STATEMENT.finditer(whole):
        before, after = whole[: match.start()], whole[match.end() :]
        is_first, is_last = (not _STATEMENT.sub("", rest).strip() for rest in (before, after))
        yield Statement(text, match.start(), match[0], match["word"], match["prefix"] or "", is_first, is_last)


def _blocks(statements: list[Statement]) -> list[Block]:
    """Return the loops and conditions: the statements of each in order; none where they do not match."""
    found: list[Block] = []
    open_blocks: list[Block] = []
    for statement in statements:
        if statement.word in _OPENS:
            found.append([statement])
            open_blocks.append(found[-1])
        elif statement.word in _DIVIDES and open_blocks:
            open_blocks[-1].append(statement)
        elif statement.word in _OPENS.values():
            if not open_blocks or _OPENS[open_blocks[-1][0].word] != statement.word:
                return []
            open_blocks.pop().append(statement)
    return [] if open_blocks else found


def _moves(block: Block) -> list[Move]:
    """Return where the statements of a block have to go; nowhere where the author said so, or it stays in a line."""
    paragraphs = {statement.paragraph for statement in block}
    if any(statement.prefix for statement in block):
        return []
    if len(paragraphs) == 1:
        return _around_list_item(block)
    common = _common_ancestor([statement.paragraph for statement in block])
    if common.tag == f"{W}tr":
        if len(block) > 2:
            return []  # what would an “else” between two cells mean?
        return [Move(block[0], common, "before"), Move(block[-1], common, "after")]
    targets = [_child_of(common, statement.paragraph) for statement in block]
    if common.tag == f"{W}tbl" and all(target.tag == f"{W}tr" for target in targets):
        return _placed(block, targets, is_row=True)
    if all(target is statement.paragraph for target, statement in zip(targets, block, strict=True)):
        return _placed(block, targets, is_row=False)
    return []


def _around_list_item(block: Block) -> list[Move]:
    """Return the moves by which a loop over the whole of a numbered or bulleted paragraph repeats the paragraph."""
    first, last = block[0], block[-1]
    if len(block) > 2 or not (first.is_first and last.is_last) or first.paragraph.find(f"{W}pPr/{W}numPr") is None:
        return []
    return [Move(first, first.paragraph, "before"), Move(last, first.paragraph, "after")]


def _placed(block: Block, targets: list[Any], is_row: bool) -> list[Move]:
    """Return the moves around these rows or paragraphs; none unless every statement finds its place."""
    moves = []
    for statement, target in zip(block, targets, strict=True):
        if _holds_only_statements(target):
            moves.append(Move(statement, target, "instead"))
        elif statement is block[0] and (is_row or statement.is_first):
            moves.append(Move(statement, target, "before"))
        elif statement is block[-1] and (is_row or statement.is_last):
            moves.append(Move(statement, target, "after"))
        else:
            return []
    return moves


def _holds_only_statements(element: Any) -> bool:
    if any(True for _child in element.iter(*_OBJECTS)):
        return False
    whole = "".join(node.text or "" for node in element.iter(f"{W}t"))
    return not _STATEMENT.sub("", whole).strip()


def _crowded(statements: list[Statement]) -> list[Move]:
    """Return moves for statements with a prefix that share a paragraph or row: docxtpl keeps the last one alone."""
    places: dict[Any, list[Statement]] = {}
    for statement in statements:
        if statement.prefix not in ("p", "tr"):
            continue
        target = next(statement.text.nodes[0].iterancestors(f"{W}{statement.prefix}"), None)
        if target is not None:
            places.setdefault(target, []).append(statement)
    crowded = ((target, sharing) for target, sharing in places.items() if len(sharing) > 1)
    return [Move(statement, target, "instead") for target, sharing in crowded for statement in sharing]


def _common_ancestor(elements: list[Any]) -> Any:
    chains = [[*element.iterancestors()][::-1] for element in elements]
    shared = chains[0][0]
    for level in zip(*chains, strict=False):
        if any(element is not level[0] for element in level):
            break
        shared = level[0]
    return shared


def _child_of(ancestor: Any, element: Any) -> Any:
    while element.getparent() is not ancestor:
        element = element.getparent()
    return element


def _carry_out(moves: list[Move]) -> None:
    """Insert the markers in the order of the text, then take the statements out of where they stood."""
    ends: dict[Any, Any] = {}
    for move in moves:
        marker = move.marker()
        if move.where == "before":
            move.target.addprevious(marker)
        else:
            ends.get(move.target, move.target).addnext(marker)
            ends[move.target] = marker
    for move in moves[::-1]:
        statement = move.statement
        statement.text.replace(statement.start, statement.start + len(statement.source), "")
    for target in {move.target for move in moves if move.where == "instead"}:
        if not "".join(node.text or "" for node in target.iter(f"{W}t")).strip():
            target.getparent().remove(target)
