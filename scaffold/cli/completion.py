"""Completion in Bash, of values that need quotes too; zsh and fish quote what they insert, Bash does not."""

from __future__ import annotations

import os
import re
import shlex
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from click import shell_completion

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Bash tells in $2 what it will replace: less than a word, where that has an opened quote, or a colon or an equals sign,
# at which Bash breaks words. The values that come back are quoted already, so nothing here may split or expand them.
_SCRIPT = """\
%(complete_func)s() {
    local type value
    COMPREPLY=()
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done <<< "$(env COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORD="$2" COMP_TYPE="$COMP_TYPE" \\
        %(complete_var)s=bash_complete "$1")"
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_LIST = str(ord("?"))  # the COMP_TYPE of a second TAB, which shows the values and inserts none
_END = "."  # put behind what was typed, so that there always is a last word
_ESCAPED = {
    "": re.compile(r"[^\w@%+=:,./-]"),
    '"': re.compile(r'[\\"$`]'),
    "'": re.compile("'"),
}


class BashComplete(shell_completion.BashComplete):
    """Completion for Bash after which the command line is what a person would have had to type."""

    source_template = _SCRIPT

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the finished words behind the command, and the one at the cursor."""
        words, _ = _split(os.environ["COMP_LINE"])
        return words[1:-1], words[-1]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return what Bash is to insert, or to show, in place of what it calls the word."""
        if item.type != "plain":
            return f"{item.type},"
        if os.environ["COMP_TYPE"] == _LIST:
            return f"plain,{item.value}"
        line = os.environ["COMP_LINE"]
        words, quote = _split(line.removesuffix(os.environ["COMP_WORD"]))
        _, typed = self.get_completion_args()
        option = typed[: typed.index("=") + 1] if typed.startswith("-") and "=" in typed else ""
        rest = f"{option}{item.value}"[len(words[-1]) :]
        text = _ESCAPED[quote].sub(_escape_in(quote), rest)
        # Bash closes the quote, unless it takes an escaped one at the end for the closing one.
        return f"plain,{text}{quote}" if quote and text.endswith(quote) else f"plain,{text}"


def _escape_in(quote: str) -> str:
    """Return what replaces a special character, as :func:`re.sub` takes it."""
    return r"'\\''" if quote == "'" else r"\\\g<0>"


def _split(line: str) -> tuple[list[str], str]:
    """Return the words of the beginning of a line, the last of which may be empty, and the quote that is open."""
    for quote in _ESCAPED:
        with suppress(ValueError):  # another quote is open
            words = shlex.split(line + _END + quote)
            return [*words[:-1], words[-1].removesuffix(_END)], quote
    raise ValueError(line)


shell_completion.add_completion_class(BashComplete)
