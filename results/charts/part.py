"""A chart's SVG as a part of a page: named for screen readers, with identifiers of its own."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
HEADING = "heading-"  # and the inches it takes, so that a page can set the title in its own type


def as_page_part(text: str, name: str, title: str, alt: str) -> str:
    """Make identifiers the chart's own, name it for screen readers, let the page set its size."""
    for prefix, address in (("", SVG), ("xlink", XLINK)):
        ElementTree.register_namespace(prefix, address)
    root = ElementTree.fromstring(text)
    head = 0.0
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("id", "").startswith(HEADING):
                head = 72 * float(child.get("id", "").removeprefix(HEADING))
            elif child.tag != f"{{{SVG}}}metadata":
                continue
            parent.remove(child)
    left, top, width, height = map(float, root.get("viewBox", "0 0 1 1").split())
    root.set("viewBox", f"{left:g} {top + head:g} {width:g} {height - head:g}")
    for node in root.iter():
        for key, value in list(node.attrib.items()):
            if key == "id":
                node.set(key, f"{name}-{value}")
            elif key == f"{{{XLINK}}}href" and value.startswith("#"):
                node.set(key, f"#{name}-{value[1:]}")
            elif "url(#" in value:
                node.set(key, value.replace("url(#", f"url(#{name}-"))
    for key in ("width", "height"):
        root.attrib.pop(key, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    for tag, words in (("desc", alt), ("title", title)):
        node = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        node.text = words
        root.insert(0, node)
    return ElementTree.tostring(root, encoding="unicode")
