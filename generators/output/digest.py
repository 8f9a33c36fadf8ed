"""The hash by which a text or a file is known, however large it is."""

from __future__ import annotations

import hashlib


def digest(*parts: str | bytes) -> str:
    """The BLAKE2b hash of texts, each told from the next, as 40 hexadecimal digits."""
    found = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(b"%d " % len(data))
        found.update(data)
    return found.hexdigest()
