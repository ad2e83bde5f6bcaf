"""How the extension changes moto: one function for each difference between moto and AWS."""

import functools

PATCHED = []


def patches(owner, name):
    """Replaces a function of moto's; the replacement gets the original as its first argument.

    Fails when moto has no such attribute: if moto renamed it, the patch would silently have no effect.
    """
    before = owner.__dict__[name] if isinstance(owner, type) else getattr(owner, name)

    def put(function):
        if isinstance(before, property):

            def look(instance):
                return function(functools.partial(before.fget, instance), instance)

            setattr(owner, name, property(look, before.fset))
        else:

            @functools.wraps(before)
            def patched(instance, /, *args, **kwargs):
                return function(functools.partial(before, instance), instance, *args, **kwargs)

            setattr(owner, name, patched)
        PATCHED.append(f"{owner.__name__}.{name}")
        return function

    return put


def adds(owner, name):
    """Adds a function that moto lacks. Fails once moto has it, because the patch is then obsolete."""
    if hasattr(owner, name):
        raise RuntimeError(f"moto has {owner.__name__}.{name} now: remove this patch")

    def put(function):
        setattr(owner, name, function)
        PATCHED.append(f"{owner.__name__}.{name}")
        return function

    return put
