"""Parts of a Word file as trees: no entities, no document type, nothing fetched."""

from __future__ import annotations

from lxml import etree

from kanal.kit.documents.refusals import Refusal


def parse(name: str, content: bytes) -> etree._Element:
    """Return the root of a part; raise Refusal where it is damaged or declares a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Refusal("damaged", detail=name) from error
    if root.getroottree().docinfo.doctype:
        raise Refusal("dtd", part=name)
    return root


def serialize(root: etree._Element) -> bytes:
    """Return a tree as the bytes of a part."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
