"""Parts of a Word file as XML trees: no entities, no document type, no network access."""

from __future__ import annotations

from lxml import etree

from kanal.kit.documents.refusals import Refusal


def parse(name: str, content: bytes) -> etree._Element:
    """Return the root of a part. Raise Refusal if it's malformed or declares a document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Refusal("damaged", detail=name) from error
    if root.getroottree().docinfo.doctype:
        raise Refusal("dtd", part=name)
    return root


def prefixed(root: etree._Element, prefix: str, namespace: str) -> etree._Element:
    """Return the root with this prefix for a namespace, which docxtpl expects and other programs don't use."""
    if root.nsmap.get(prefix) == namespace or namespace not in root.nsmap.values():
        return root
    names = {name: uri for name, uri in root.nsmap.items() if uri != namespace and name != prefix}
    renamed = etree.Element(root.tag, dict(root.attrib), nsmap={**names, prefix: namespace})
    renamed.extend([*root])
    return renamed


def serialize(root: etree._Element) -> bytes:
    """Serialize a tree to the bytes of a part."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
