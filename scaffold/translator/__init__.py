"""The SAM translator in a process of its own, and the rules of Lambda that it does not know.

:mod:`client` starts the process and asks it. :mod:`server` is what runs there: it loads :mod:`sam`, which translates,
with :mod:`rules`, and with :mod:`causes`, which makes problems of the translator's words. :mod:`findings` says where
in a file they are.
"""
