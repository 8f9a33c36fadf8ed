"""What NetworkPolicies must say of peers and ports."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any

from generators.checks.kubernetes.selectors import selector
from generators.inventory.paths import KeyPath
from generators.inventory.problem import Problem

Object = dict[str, Any]


def network_policy(spec: Object, path: KeyPath) -> Iterator[Problem]:
    """Its selectors, peers, blocks and ports."""
    yield from selector(spec.get("podSelector") or {}, (*path, "podSelector"))
    for key, side in (("ingress", "from"), ("egress", "to")):
        for at, rule in enumerate(spec.get(key) or ()):
            where = (*path, key, at)
            for number, port in enumerate((rule or {}).get("ports") or ()):
                yield from _port(port or {}, (*where, "ports", number))
            for number, peer in enumerate((rule or {}).get(side) or ()):
                yield from _peer(peer or {}, (*where, side, number))


def _port(port: Object, where: KeyPath) -> Iterator[Problem]:
    number, end = port.get("port"), port.get("endPort")
    if isinstance(number, int) and not 1 <= number <= 65535:
        yield Problem((*where, "port"), "port", "is no port", str(number), "1 to 65535")
    if end is not None and (not isinstance(number, int) or end < number or end > 65535):
        yield Problem(
            (*where, "endPort"), "port", "a range of ports ends after it begins, and both are numbers", str(end)
        )


def _peer(peer: Object, where: KeyPath) -> Iterator[Problem]:
    block = peer.get("ipBlock")
    selectors = [key for key in ("podSelector", "namespaceSelector") if peer.get(key) is not None]
    for key in selectors:
        yield from selector(peer[key], (*where, key))
    if block and selectors:
        yield Problem(where, "peer", "a peer is a block of addresses or a selector, not both", fix="write two peers")
    elif not block and not selectors:
        yield Problem(where, "peer", "a peer says whom it means", fix="add podSelector, namespaceSelector or ipBlock")
    for at, text in enumerate([block["cidr"], *(block.get("except") or ())] if block else ()):
        key = ("cidr",) if at == 0 else ("except", at - 1)
        if not _is_block(text):
            yield Problem((*where, "ipBlock", *key), "cidr", "is no block of addresses", text, "such as 10.0.0.0/8")
        elif at and not _inside(text, block["cidr"]):
            yield Problem((*where, "ipBlock", *key), "cidr", "lies outside the block that it is an exception of", text)


def _is_block(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


def _inside(inner: str, outer: str) -> bool:
    if not _is_block(outer):
        return True
    one, other = ipaddress.ip_network(inner, strict=False), ipaddress.ip_network(outer, strict=False)
    return one.version == other.version and one != other and one.subnet_of(other)
