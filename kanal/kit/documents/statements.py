"""Loops and conditions as people set them in Word, made what the template engine reads.

A loop or condition that begins in one cell and ends in another one repeats or drops whole rows; one that stands alone
in its paragraphs repeats or drops what lies between. These are written between the rows or paragraphs, as are those to
which authors give the prefixes of docxtpl (`{%tr`, `{%p`).
What can't be set that way, such as a loop that leaves its table, is returned with its code.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from kanal.kit.documents.contents import W
from kanal.kit.documents.merging import keep_merged
from kanal.kit.documents.paragraphs import NUMBER, Text, texts_of

_STATEMENT = re.compile(r"\{%(?P<prefix>tr|tc|p|r)?[-+]?\s*(?P<word>\w+)(?P<rest>(?:(?!%\}).)*?)[-+]?%\}")
_OPENS = {"for": "endfor", "if": "endif"}
_DIVIDES = {"else", "elif"}
_BOXES = f"{W}txbxContent"
_BLOCKS = (f"{W}tr", f"{W}p", f"{W}sdt")
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
    def inside(self) -> str:
        """Return what it says, without its signs and prefix."""
        return re.sub(r"^\{%(?:tr|tc|p|r)?[-+]?|[-+]?%\}$", "", self.source).strip()

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

    @property
    def marker(self) -> str:
        """Return what is written between two elements; a numbered one tells its paragraph."""
        number = self.statement.paragraph.get(NUMBER)
        return (f'\n{{#{NUMBER}="{number}"#}}' if number else "") + f"{{% {self.statement.inside} %}}"


def lift_statements(tree: Any, listed: Collection[str] = ()) -> list[tuple[Any, str]]:
    """Set statements that enclose whole rows or paragraphs around these.

    `listed` are the paragraph styles with bullets or numbers. Return the paragraphs in which a loop or condition
    begins that can't be set, each with the code of what is wrong.
    """
    streams: dict[Any, list[Text]] = {}
    torn: list[tuple[Any, str]] = []
    for text in texts_of(tree):
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
    """Return the loops and conditions: the statements of each in order; none where they do not match."""
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
    """Return what is wrong with a block that stays where it stands, as a code; "" where nothing is."""
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
    """Keep one cell that is merged from rows of a loop into the row below as one cell."""
    if block[0].word != "for" or len({statement.prefix for statement in block}) > 1:
        return
    rows = [next(statement.paragraph.iterancestors(f"{W}tr"), None) for statement in (block[0], block[-1])]
    is_within_cell = block[0].paragraph.getparent() is block[-1].paragraph.getparent()
    first, last = rows
    if first is None or last is None or first.getparent() is not last.getparent() or is_within_cell:
        return
    keep_merged((first, not _holds_only_statements(first)), (last, not _holds_only_statements(last)))


def _moves(block: Block, listed: Collection[str]) -> list[Move]:
    """Return where the statements of a block have to go; nowhere where the author said so, or it stays in a line."""
    paragraphs = {statement.paragraph for statement in block}
    if any(statement.prefix for statement in block):
        return []
    if len(paragraphs) == 1:
        return _around_list_item(block, listed)
    common = _common_ancestor([statement.paragraph for statement in block])
    if common.tag == f"{W}tr":
        if len(block) > 2:
            return []  # what would an “else” between two cells mean?
        return [Move(block[0], common, "before"), Move(block[-1], common, "after")]
    targets = [_child_of(common, statement.paragraph) for statement in block]
    if all(target.tag in _BLOCKS for target in targets):
        return _placed(block, targets, is_row=common.tag == f"{W}tbl")
    return []


def _around_list_item(block: Block, listed: Collection[str]) -> list[Move]:
    """Return the moves by which a loop over the whole of a numbered or bulleted paragraph repeats the paragraph."""
    first, last = block[0], block[-1]
    if len(block) > 2 or not (first.is_first and last.is_last) or not _is_listed(first.paragraph, listed):
        return []
    return [Move(first, first.paragraph, "before"), Move(last, first.paragraph, "after")]


def _is_listed(paragraph: Any, listed: Collection[str]) -> bool:
    """Return whether a paragraph has a bullet or number, of its own or by its style."""
    number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
    if number is not None:
        return number.get(f"{W}val") != "0"
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style is not None and style.get(f"{W}val") in listed


def _placed(block: Block, targets: list[Any], is_row: bool) -> list[Move]:
    """Return the moves around these rows, paragraphs or controls; none unless every statement finds its place."""
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
    """Return the first or last paragraph of a block that holds text."""
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
    """Yield a move for each statement whose author says that it stands for its paragraph or row."""
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
    """Write the statements between the elements in the order of the text, and take them out of where they stood."""
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
