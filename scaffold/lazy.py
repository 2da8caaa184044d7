"""Modules that are loaded when something of them is used, or not at all: libraries import more than a run needs.

``importlib.util.LazyLoader`` does nearly that, but already loads a module whose type is asked for, which
``inspect.getmembers`` does with everything it finds.
"""

from __future__ import annotations

import importlib.machinery
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class _Deferred(ModuleType):
    """A module that runs its code at the first look at one of its names."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the module holds
        spec = self.__spec__
        if name.startswith("__") or spec is None or not isinstance(spec.loader, _Loader):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        folders = spec.submodule_search_locations
        if folders and importlib.machinery.PathFinder.find_spec(f"{self.__name__}.{name}", folders):
            # Of `from package import module`, which asks the package first and then imports the module.
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} yet")
        spec.loader, self.__class__ = spec.loader.loader, ModuleType
        spec.loader.exec_module(self)
        return getattr(self, name)


class _Loader:
    def __init__(self, loader: Any) -> None:  # noqa: ANN401  whatever finds the module
        self.loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Deferred(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing yet."""


class _Finder:
    def __init__(self, wanted: Callable[[str], bool]) -> None:
        self.wanted = wanted

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not self.wanted(name):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and spec.loader:
            spec.loader = _Loader(spec.loader)  # type: ignore[assignment]
        return spec


def defer(wanted: Callable[[str], bool]) -> None:
    """From now on load modules whose names are ``wanted`` at their first use. ``from x import y`` is a use."""
    sys.meta_path.insert(0, _Finder(wanted))


def stand_in(modules: dict[str, dict[str, Any]]) -> None:
    """Put modules with just these names in them in the place of real ones, parents before children.

    A package has its modules as names, unless it has something else of that name.
    """
    for name, values in modules.items():
        module = ModuleType(name)
        vars(module).update(values)
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if child not in modules.get(parent, {child: None}):
            setattr(sys.modules[parent], child, module)


@contextmanager
def unwrapped() -> Iterator[None]:
    """Raise what a signal has raised, or an exit, as it is: modules may be loading at that moment.

    Before Python 3.12, what is raised while a class gets its attributes (``__set_name__``) comes as the cause of a
    RuntimeError.
    """
    try:
        yield
    except RuntimeError as error:
        if isinstance(error.__cause__, KeyboardInterrupt | SystemExit):
            raise error.__cause__ from None
        raise
