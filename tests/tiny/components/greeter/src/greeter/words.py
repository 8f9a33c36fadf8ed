"""What a greeting is made of."""

from __future__ import annotations

import os


def greeting(person: dict, word: str, times: int, rate: float) -> str:
    """`word` as often as wanted, the name, and what shows that numbers and the environment arrived as they were."""
    return f"{' '.join([word] * times)}, {person['name']} {person['layers']} {rate} {os.environ.get('TONE', 'plain')}"
