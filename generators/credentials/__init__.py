"""Credentials in a text: what has the form of one, what stands where one belongs, and what a URL carries.

Structure comes first: the value of a variable, key, option or argument that is named as a credential is one, whatever
it looks like. Then forms that services publish for their keys, and URLs. No value leaves this package: what is found is
where it stands.
"""

from __future__ import annotations

from generators.credentials.finder import Credential, credentials, masked
from generators.credentials.shown import hidden, name_among, name_in, without_credentials

__all__ = ["Credential", "credentials", "hidden", "masked", "name_among", "name_in", "without_credentials"]
