"""Loops and conditions as authors write them in Word, converted for the template engine.

A loop or condition that begins in one cell and ends in another repeats or drops whole rows. One that is alone in its
paragraphs repeats or drops what is between them. These statements move between the rows or paragraphs, as do those
with docxtpl's prefixes (`{%tr`, `{%p`).
Statements that can't be moved, such as a loop that leaves its table, are returned with an error code.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from kanal.kit.documents.contents import W
from kanal.kit.documents.merging import keep_merged
from kanal.kit.documents.paragraphs import NUMBER, Text, text_paragraphs

_STATEMENT = re.compile(r"\{%(?P<prefix>tr|tc|p|r)?[-+]?\s*(?P<word>\w+)(?P<rest>(?:(?!%\}).)*?)[-+]?%\}")
_OPENS = {"for": "endfor", "if": "endif"}
_DIVIDES = {"else", "elif"}
_BOXES = f"{W}txbxContent"
_BLOCKS = (f"{W}tr", f"{W}p", f"{W}sdt")
# Content other than text, which makes a paragraph more than the holder of a statement.
_OBJECTS = tuple(f"{W}{name}" for name in ("drawing", "pict", "object", "sectPr", "br", "fldChar", "fldSimple", "sym"))


@dataclass(eq=False)
class Statement:
    """A statement (`{% for … %}`) and its position: `is_first` and `is_last` in the text of its paragraph."""

    text: Text
    start: int
    source: str
    word: str
    prefix: str
    is_first: bool
    is_last: bool

    @property
    def inside(self) -> str:
        """Return the statement without delimiters and prefix."""
        return re.sub(r"^\{%(?:tr|tc|p|r)?[-+]?|[-+]?%\}$", "", self.source).strip()

    @property
    def paragraph(self) -> Any:
        """Return the statement's paragraph."""
        return self.text.paragraph


Block = list[Statement]


@dataclass(eq=False)
class Move:
    """A statement to move before or after a row or paragraph, or into its place."""

    statement: Statement
    target: Any
    where: str

    @property
    def marker(self) -> str:
        """Return the text to write between two elements, with the paragraph number if it has one."""
        number = self.statement.paragraph.get(NUMBER)
        return (f'\n{{#{NUMBER}="{number}"#}}' if number else "") + f"{{% {self.statement.inside} %}}"


def lift_statements(tree: Any, listed: Collection[str] = ()) -> list[tuple[Any, str]]:
    """Move statements that enclose whole rows or paragraphs around them.

    `listed` are the paragraph styles with bullets or numbers. Return the paragraphs where an invalid loop or condition
    begins, each with the error code.
    """
    streams: dict[Any, list[Text]] = {}
    torn: list[tuple[Any, str]] = []
    for text in text_paragraphs(tree):
        streams.setdefault(next(text.paragraph.iterancestors(_BOXES), None), []).append(text)
    for texts in streams.values():
        statements = [statement for text in texts for statement in _statements(text)]
        order = {statement: place for place, statement in enumerate(statements)}
        moves: list[Move] = []
        for block in _blocks(statements):
            block_moves = _moves(block, listed)
            code = "" if block_moves else _fault(block)
            torn += [(block[0].paragraph, code)] if code else []
            _keep_merged(block)
            moves += block_moves
        moves += _prefixed(statements)
        _carry_out(sorted(moves, key=lambda move: order[move.statement]))
    return torn


def _statements(text: Text) -> Iterator[Statement]:
    whole = text.whole
    for match in _STATEMENT.finditer(whole):
        before, after = whole[: match.start()], whole[match.end() :]
        is_first, is_last = (not _STATEMENT.sub("", rest).strip() for rest in (before, after))
        yield Statement(text, match.start(), match[0], match["word"], match["prefix"] or "", is_first, is_last)


def _blocks(statements: list[Statement]) -> list[Block]:
    """Return the loops and conditions, each as its statements in order. Empty if they don't match."""
    blocks: list[Block] = []
    open_blocks: list[Block] = []
    for statement in statements:
        if statement.word in _OPENS:
            blocks.append([statement])
            open_blocks.append(blocks[-1])
        elif statement.word in _DIVIDES and open_blocks:
            open_blocks[-1].append(statement)
        elif statement.word in _OPENS.values():
            if not open_blocks or _OPENS[open_blocks[-1][0].word] != statement.word:
                return []
            open_blocks.pop().append(statement)
    return [] if open_blocks else blocks


def _fault(block: Block) -> str:
    """Return the error code of a block that isn't moved, or ""."""
    paragraphs = [statement.paragraph for statement in block]
    if any(statement.prefix for statement in block) or len(set(paragraphs)) == 1:
        return ""
    common = _common_ancestor(paragraphs)
    depths = {tuple(element.tag for element in _path_from(common, paragraph)) for paragraph in paragraphs}
    if len(depths) > 1:
        return "misplaced"
    return "else_in_row" if len(block) > 2 and common.tag in (f"{W}tr", f"{W}tbl") else ""


def _path_from(ancestor: Any, element: Any) -> Iterator[Any]:
    while element is not ancestor:
        yield element
        element = element.getparent()


def _keep_merged(block: Block) -> None:
    """Keep a cell that is merged from loop rows into the row below as one cell."""
    if block[0].word != "for" or len({statement.prefix for statement in block}) > 1:
        return
    rows = [next(statement.paragraph.iterancestors(f"{W}tr"), None) for statement in (block[0], block[-1])]
    is_within_cell = block[0].paragraph.getparent() is block[-1].paragraph.getparent()
    first, last = rows
    if first is None or last is None or first.getparent() is not last.getparent() or is_within_cell:
        return
    keep_merged((first, not _holds_only_statements(first)), (last, not _holds_only_statements(last)))


def _moves(block: Block, listed: Collection[str]) -> list[Move]:
    """Return the moves of a block's statements. Empty if the author set them or the block stays inline."""
    paragraphs = {statement.paragraph for statement in block}
    if any(statement.prefix for statement in block):
        return []
    if len(paragraphs) == 1:
        return _around_list_item(block, listed)
    common = _common_ancestor([statement.paragraph for statement in block])
    if common.tag == f"{W}tr":
        if len(block) > 2:
            return []  # an "else" between two cells has no meaning
        return [Move(block[0], common, "before"), Move(block[-1], common, "after")]
    targets = [_child_of(common, statement.paragraph) for statement in block]
    if all(target.tag in _BLOCKS for target in targets):
        return _placed(block, targets, is_row=common.tag == f"{W}tbl")
    return []


def _around_list_item(block: Block, listed: Collection[str]) -> list[Move]:
    """Return the moves that make a loop over a whole numbered or bulleted paragraph repeat the paragraph."""
    first, last = block[0], block[-1]
    if len(block) > 2 or not (first.is_first and last.is_last) or not _is_listed(first.paragraph, listed):
        return []
    return [Move(first, first.paragraph, "before"), Move(last, first.paragraph, "after")]


def _is_listed(paragraph: Any, listed: Collection[str]) -> bool:
    """Return whether a paragraph has a bullet or number, directly or by its style."""
    number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
    if number is not None:
        return number.get(f"{W}val") != "0"
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style is not None and style.get(f"{W}val") in listed


def _placed(block: Block, targets: list[Any], is_row: bool) -> list[Move]:
    """Return the moves around these rows, paragraphs or controls. Empty unless every statement fits."""
    moves = []
    for statement, target in zip(block, targets, strict=True):
        is_end = statement is block[-1]
        if _holds_only_statements(target):
            moves.append(Move(statement, target, "instead"))
        elif is_end and (is_row or (statement.is_last and _edge(target, -1) is statement.paragraph)):
            moves.append(Move(statement, target, "after"))
        elif not is_end and (
            (is_row and statement is block[0]) or (statement.is_first and _edge(target, 0) is statement.paragraph)
        ):
            moves.append(Move(statement, target, "before"))
        else:
            return []
    return moves


def _edge(block: Any, place: int) -> Any:
    """Return the first or last paragraph of a block that contains text."""
    nodes = [node for node in block.iter(f"{W}t") if (node.text or "").strip()]
    return next(nodes[place].iterancestors(f"{W}p")) if nodes else None


def _holds_only_statements(element: Any) -> bool:
    return not _has_content(element, _STATEMENT)


def _has_content(element: Any, besides: re.Pattern[str] | None = None) -> bool:
    if any(True for _child in element.iter(*_OBJECTS)):
        return True
    whole = "".join(node.text or "" for node in element.iter(f"{W}t"))
    return bool((besides.sub("", whole) if besides else whole).strip())


def _prefixed(statements: list[Statement]) -> Iterator[Move]:
    """Yield a move for each statement whose prefix makes it replace its paragraph or row."""
    for statement in statements:
        if statement.prefix in ("p", "tr"):
            target = next(statement.text.nodes[0].iterancestors(f"{W}{statement.prefix}"), None)
            if target is not None:
                yield Move(statement, target, "instead")


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
    """Write the statements between the elements in text order, and remove them from their old positions."""
    for move in moves:
        if move.where == "after":
            move.target.tail = (move.target.tail or "") + move.marker
        else:
            _write_before(move.target, move.marker)
    for move in moves[::-1]:
        statement = move.statement
        statement.text.replace(statement.start, statement.start + len(statement.source), "")
    for target in {move.target for move in moves if move.where == "instead"}:
        if not _has_content(target):
            _write_before(target, target.tail or "")
            target.getparent().remove(target)


def _write_before(element: Any, text: str) -> None:
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent = element.getparent()
        parent.text = (parent.text or "") + text
