"""The SAM translator in a process of its own, and the rules of Lambda that it does not know.

:mod:`client` starts the process and asks it, :mod:`server` is what runs there, :mod:`rules` holds the rules, and
:mod:`findings` says where in a file something is wrong and what to do about it.
"""
