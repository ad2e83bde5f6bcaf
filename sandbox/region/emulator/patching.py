"""How the extension changes moto: one function for each thing that AWS does and moto does not."""

import functools

PATCHED = []


def patches(owner, name):
    """Puts a function in place of moto's; it gets moto's own as its first argument.

    Fails when moto has no such attribute: a moto that renamed it would otherwise silently lose the mend.
    """
    before = owner.__dict__[name] if isinstance(owner, type) else getattr(owner, name)

    def put(function):
        if isinstance(before, property):

            def look(instance):
                return function(functools.partial(before.fget, instance), instance)

            setattr(owner, name, property(look, before.fset))
        else:

            @functools.wraps(before)
            def patched(instance, *args, **kwargs):
                return function(functools.partial(before, instance), instance, *args, **kwargs)

            setattr(owner, name, patched)
        PATCHED.append(f"{owner.__name__}.{name}")
        return function

    return put


def adds(owner, name):
    """Adds what moto lacks; fails when moto has it by now, so that the mend can go."""
    if hasattr(owner, name):
        raise RuntimeError(f"moto has {owner.__name__}.{name} now: remove the mend")

    def put(function):
        setattr(owner, name, function)
        PATCHED.append(f"{owner.__name__}.{name}")
        return function

    return put
