"""Reads the how-tos: blocks that make or change a file, and commands; and carries them out in a copy of the tree."""

import re
from dataclasses import dataclass
from pathlib import Path

FILE = re.compile(r"^(?:and )?`([\w/.-]+)`[^\n]*(?:\n[^\n]+)*?:\n\n```(python|html|diff)\n(.*?)^```$", re.M | re.S)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """A block of a how-to: the file that it is about, `diff` or the language of the whole file, and its text."""

    path: str
    kind: str
    text: str


def blocks(document: Path) -> list[Block]:
    """List the blocks of a how-to that make or change a file."""
    return [Block(*match) for match in FILE.findall(document.read_text(encoding="utf-8"))]


def commands(document: Path) -> list[str]:
    """List the command lines of a document."""
    return [line for text in COMMANDS.findall(document.read_text(encoding="utf-8")) for line in text.splitlines()]


def carry_out(block: Block, root: Path) -> None:
    """Write the file, or change it as the diff says; the lines that a diff quotes must be there once."""
    path = root / block.path
    if block.kind != "diff":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        return
    lines = block.text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] in " -\n")
    after = "".join(line[1:] or line for line in lines if line[0] in " +\n")
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{block.path} no longer holds once what the how-to quotes:\n{before}"
    path.write_text(text.replace(before, after), encoding="utf-8")
