"""Kubernetes' libraries of IP addresses and networks.

Source: pkg/cel/library/ip.go and cidr.go of https://github.com/kubernetes/apiserver (v0.36), and Go's net/netip, whose
errors are told.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import ClassVar

from generators.cel.errors import EvaluationError, no_overload
from generators.cel.go_text import quoted
from generators.cel.library import Function, Library, member, plain
from generators.cel.values import Opaque

_HEX = re.compile(r"[0-9a-fA-F]*")


class NotAnAddress(ValueError):
    """A text that is no address; the message is Go's."""


@dataclass(frozen=True)
class Address(Opaque):
    """An IP address."""

    type_name: ClassVar[str] = "net.IP"

    address: ipaddress.IPv4Address | ipaddress.IPv6Address

    def __str__(self) -> str:
        return str(self.address)


@dataclass(frozen=True)
class Network(Opaque):
    """An address and how many of its bits name a network."""

    type_name: ClassVar[str] = "net.CIDR"

    address: ipaddress.IPv4Address | ipaddress.IPv6Address
    bits: int

    def __str__(self) -> str:
        return f"{self.address}/{self.bits}"

    @property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """The network that the address is in."""
        return ipaddress.ip_network(f"{self.address}/{self.bits}", strict=False)


def parse_address(text: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, str]:
    """The address of a text, and its zone; as netip.ParseAddr."""
    for character in text:
        if character == ".":
            return ipaddress.IPv4Address(_octets(text, text)), ""
        if character == ":":
            return _parse_6(text)
        if character == "%":
            raise _wrong(text, "missing IPv6 address")
    raise _wrong(text, "unable to parse IP")


def _octets(whole: str, text: str) -> bytes:
    octets, value, digits = [], 0, 0
    for place, character in enumerate(text):
        if character in "0123456789":
            if digits == 1 and value == 0:
                raise _wrong(whole, "IPv4 field has octet with leading zero")
            value, digits = value * 10 + int(character), digits + 1
            if value > 255:
                raise _wrong(whole, "IPv4 field has value >255")
        elif character == ".":
            if place in (0, len(text) - 1) or text[place - 1] == ".":
                raise _wrong(whole, "IPv4 field must have at least one digit", text[place:])
            if len(octets) == 3:
                raise _wrong(whole, "IPv4 address too long")
            octets.append(value)
            value = digits = 0
        else:
            raise _wrong(whole, "unexpected character", text[place:])
    if len(octets) < 3:
        raise _wrong(whole, "IPv4 address too short")
    return bytes([*octets, value])


def _parse_6(whole: str) -> tuple[ipaddress.IPv6Address, str]:
    text, percent, zone = whole.partition("%")
    if percent and not zone:
        raise _wrong(whole, "zone must be a non-empty string")
    found, ellipsis = bytearray(), -1
    if text.startswith("::"):
        ellipsis, text = 0, text[2:]
        if not text:
            return ipaddress.IPv6Address(0), zone
    while len(found) < 16:
        group = _HEX.match(text)
        digits = group[0] if group else ""
        if len(digits) > 4:
            raise _wrong(whole, "each group must have 4 or less digits", text)
        if not digits:
            raise _wrong(whole, "each colon-separated field must have at least one digit", text)
        if text[len(digits) : len(digits) + 1] == ".":
            if ellipsis < 0 and len(found) != 12:
                raise _wrong(whole, "embedded IPv4 address must replace the final 2 fields of the address", text)
            if len(found) + 4 > 16:
                raise _wrong(whole, "too many hex fields to fit an embedded IPv4 at the end of the address", text)
            found += _octets(whole, text)
            text = ""
            break
        found += int(digits, 16).to_bytes(2, "big")
        text = text[len(digits) :]
        if not text:
            break
        if text[0] != ":":
            raise _wrong(whole, "unexpected character, want colon", text)
        if len(text) == 1:
            raise _wrong(whole, "colon must be followed by more characters", text)
        text = text[1:]
        if text[0] == ":":
            if ellipsis >= 0:
                raise _wrong(whole, "multiple :: in address", text)
            ellipsis, text = len(found), text[1:]
            if not text:
                break
    if text:
        raise _wrong(whole, "trailing garbage after address", text)
    if len(found) < 16:
        if ellipsis < 0:
            raise _wrong(whole, "address string too short")
        found[ellipsis:ellipsis] = bytes(16 - len(found))
    elif ellipsis >= 0:
        raise _wrong(whole, "the :: must expand to at least one field of zeros")
    return ipaddress.IPv6Address(bytes(found)), zone


def _wrong(text: str, message: str, at: str = "") -> NotAnAddress:
    place = f" (at {quoted(at)})" if at else ""
    return NotAnAddress(f"ParseAddr({quoted(text)}): {message}{place}")


def _address(text: str) -> Address:
    try:
        address, zone = parse_address(text)
    except NotAnAddress as wrong:
        problem = f"IP Address {quoted(text)} parse error during conversion from string: {wrong}"
        raise EvaluationError(problem) from None
    if zone:
        raise EvaluationError(f"IP address {quoted(text)} with zone value is not allowed")
    if _mapped(address):
        raise EvaluationError(f"IPv4-mapped IPv6 address {quoted(text)} is not allowed")
    return Address(address)


def _mapped(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None


def _network(text: str) -> Network:
    before = "network address parse error during conversion from string: "
    head, slash, bits = text.rpartition("/")
    if not slash:
        raise EvaluationError(f"{before * 2}netip.ParsePrefix({quoted(text)}): no '/'")
    try:
        address, zone = parse_address(head)
        if zone:
            raise NotAnAddress("IPv6 zones cannot be present in a prefix")
        if not re.fullmatch(r"0|[1-9][0-9]{0,17}|[+-]?[0-9]", bits, re.ASCII) or bits[0] in "+-":
            raise NotAnAddress(f"bad bits after slash: {quoted(bits)}")
        if int(bits) > address.max_prefixlen:
            raise NotAnAddress("prefix length out of range")
    except NotAnAddress as wrong:
        raise EvaluationError(f"{before * 2}netip.ParsePrefix({quoted(text)}): {wrong}") from None
    if _mapped(address):
        raise EvaluationError(f"{before}IPv4-mapped IPv6 address {quoted(text)} is not allowed")
    return Network(address, int(bits))


def _valid(parse: type | object, text: str) -> bool:
    try:
        parse(text)  # type: ignore[operator]
    except EvaluationError:
        return False
    return True


def _canonical(text: str) -> bool:
    return str(_address(text)) == text


def _is_global_unicast(ip: Address) -> bool:
    address = ip.address
    limited = isinstance(address, ipaddress.IPv4Address) and int(address) == 2**32 - 1
    return not (
        limited or address.is_unspecified or address.is_loopback or address.is_multicast or address.is_link_local
    )


def _link_local_multicast(ip: Address) -> bool:
    if isinstance(ip.address, ipaddress.IPv4Address):
        return ip.address in ipaddress.ip_network("224.0.0.0/24")
    return int(ip.address) >> 112 & 0xFF0F == 0xFF02


def _contains_address(network: Network, ip: Address) -> bool:
    return network.address.version == ip.address.version and ip.address in network.network


def _contains_text(network: Network, text: str) -> bool:
    try:
        return _contains_address(network, _address(text))
    except EvaluationError:
        raise no_overload() from None  # so cel-go says it, of what is no address


def _contains_network(network: Network, other: Network) -> bool:
    alike = network.address.version == other.address.version
    return alike and network.network.overlaps(other.network) and network.bits <= other.bits


def _masked(network: Network) -> Network:
    return Network(network.network.network_address, network.bits)


_IP, _CIDR = "net.IP", "net.CIDR"


def _flag(name: str, overload: str, holds: object) -> Function:
    return Function(name, (member(overload, _IP, "bool", holds),))  # type: ignore[arg-type]


_ADDRESSES = (
    Function("ip", (plain("string_to_ip", "string", _IP, _address),)),
    Function("family", (member("ip_family", _IP, "int", lambda ip: ip.address.version),)),
    Function("ip.isCanonical", (plain("ip_is_canonical", "string", "bool", _canonical),)),
    Function("isIP", (plain("is_ip", "string", "bool", lambda text: _valid(_address, text)),)),
    Function("string", (plain("ip_to_string", _IP, "string", str),)),
    _flag("isUnspecified", "ip_is_unspecified", lambda ip: ip.address.is_unspecified),
    _flag("isLoopback", "ip_is_loopback", lambda ip: ip.address.is_loopback),
    _flag("isLinkLocalMulticast", "ip_is_link_local_multicast", _link_local_multicast),
    _flag("isLinkLocalUnicast", "ip_is_link_local_unicast", lambda ip: ip.address.is_link_local),
    _flag("isGlobalUnicast", "ip_is_global_unicast", _is_global_unicast),
)
_NETWORKS = (
    Function("cidr", (plain("string_to_cidr", "string", _CIDR, _network),)),
    Function("isCIDR", (plain("is_cidr", "string", "bool", lambda text: _valid(_network, text)),)),
    Function(
        "containsIP",
        (
            member(
                "cidr_contains_ip_string",
                f"{_CIDR} string",
                "bool",
                _contains_text,
            ),
            member("cidr_contains_ip_ip", f"{_CIDR} {_IP}", "bool", _contains_address),
        ),
    ),
    Function(
        "containsCIDR",
        (
            member(
                "cidr_contains_cidr_string",
                f"{_CIDR} string",
                "bool",
                lambda n, text: _contains_network(n, _network(text)),
            ),
            member("cidr_contains_cidr", f"{_CIDR} {_CIDR}", "bool", _contains_network),
        ),
    ),
    Function("ip", (member("cidr_ip", _CIDR, _IP, lambda network: Address(network.address)),)),
    Function("prefixLength", (member("cidr_prefix_length", _CIDR, "int", lambda network: network.bits),)),
    Function("masked", (member("cidr_masked", _CIDR, _CIDR, _masked),)),
    Function("string", (plain("cidr_to_string", _CIDR, "string", str),)),
)

LIBRARIES = (Library(30, _ADDRESSES), Library(30, _NETWORKS))
