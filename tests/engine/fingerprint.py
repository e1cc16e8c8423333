"""Run as a program: compares every attribute of SpiffWorkflow before our kernel is imported and after it has run a case."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import SpiffWorkflow

UNIMPORTABLE = ("SpiffWorkflow.serializer.dotv",)  # wants a package nobody has


def fingerprint() -> dict[str, int]:
    """Identity of every class, function and class member of the library."""
    found: dict[str, int] = {}
    for info in pkgutil.walk_packages(SpiffWorkflow.__path__, "SpiffWorkflow."):
        if info.name in UNIMPORTABLE:
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if (
                inspect.isclass(value)
                or inspect.isfunction(value)
                or isinstance(value, dict)
                and not name.startswith("__")
            ):
                found[f"{info.name}.{name}"] = (
                    hash(repr(sorted(map(str, value.items())))) if isinstance(value, dict) else id(value)
                )
            if inspect.isclass(value) and value.__module__.startswith("SpiffWorkflow"):
                for member, part in vars(value).items():
                    if member not in ("__abstractmethods__", "_abc_impl", "__dict__", "__weakref__", "thread_id_pool"):
                        found[f"{info.name}.{name}.{member}"] = hash(repr(part)) if isinstance(part, dict) else id(part)
    return found


def main() -> None:
    """Print how many attributes were compared; fail when one differs."""
    before = fingerprint()
    from tests.engine.drive import Drive  # the kernel is imported only here

    d = Drive(
        '<startEvent id="s"/><subProcess id="x"><startEvent id="is"/><userTask id="a"/>is -> a;</subProcess>'
        '<callActivity id="c" calledElement="q"/>s -> x;x -> c;',
        reload=True,
    )
    d.do("a")
    after = fingerprint()
    differing = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    assert not differing, differing
    print(len(before))


if __name__ == "__main__":
    main()
