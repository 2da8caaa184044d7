"""Private keys, told by what is in a file."""

from __future__ import annotations

import re

# In PEM, also within a string of JSON or code; what only shows the first line of one, in instructions say, is none.
PRIVATE_KEY = re.compile(
    rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|[\s\"'+])*"
    rb"(?:[A-Za-z0-9+/=]{16}|(?:Proc-Type|Version|Comment|Hash|Charset): )"
)
