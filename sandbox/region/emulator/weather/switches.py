"""Which conditions are on."""

import importlib

from emulator.weather.api import skew
from emulator.weather.condition import Condition

# In the order in which a call meets them: on a lost connection, a client does not learn what the region thinks of its keys.
MODULES = (
    "api.dead_connections",
    "api.lost_answers",
    "api.short_keys",
    "api.skew",
    "api.denied",
    "api.throttling",
    "api.busy_bucket",
    "api.stale_tags",
    "api.late_logs",
    "api.no_capacity",
    "api.partial_region",
    "authority.authority_busy",
    "authority.authority_down",
    "authority.bad_nonces",
    "authority.short_certificates",
    "authority.slow_validation",
    "machines.daemon_reload",
    "machines.flaky_instance",
    "machines.gpu_lost",
    "machines.keep_alive",
    "machines.self_update",
    "machines.slow_boot",
    "machines.slow_metrics",
    "machines.spot_notice",
    "machines.unreachable",
)
# An ordinary day: what AWS does in every account, without a fault. It loses no answers and refuses no keys.
ORDINARY = ("stale-tags", "busy-bucket", "slow-metrics", "slow-boot", "keep-alive", "throttling")

ALL: dict[str, Condition] = {}
# Name -> value as text, True without one. Replaced as a whole, so that a request sees the old weather or the new one.
current: dict[str, str | bool] = {}


def load():
    for module in MODULES:
        condition = importlib.import_module(f"emulator.weather.{module}").CONDITION
        ALL[condition.name] = condition
    skew.shift_clock()


def change(asked):
    """Switches on what is asked for, and everything else off. Raises ValueError when that is not possible; nothing changes then."""
    global current
    wanted = expand(asked)
    parsed = {name: parse(ALL[name], value) for name, value in wanted.items()}
    before, current = current, {}
    for name in before.keys() - wanted.keys():
        ALL[name].on = False
        ALL[name].end()
    for name, value in wanted.items():
        if before.get(name) != value:
            ALL[name].value = parsed[name]
            ALL[name].begin()
            ALL[name].on = True
    # In the order of MODULES.
    current = {name: wanted[name] for name in ALL if name in wanted}
    return current


def expand(asked):
    unknown = sorted(set(asked) - ALL.keys() - {"aws"})
    if unknown:
        raise ValueError(f"there is no weather {', '.join(unknown)}. There is aws, {', '.join(sorted(ALL))}")
    if asked.get("aws", True) is not True:
        raise ValueError("aws takes no value")
    ordinary = {name: ALL[name].default or True for name in ORDINARY} if "aws" in asked else {}
    own = {name: ALL[name].default or True if value is True else value for name, value in asked.items() if name != "aws"}
    return {**ordinary, **own}


def parse(condition, value):
    if condition.takes is None and value is not True:
        raise ValueError(f"{condition.name} takes no value")
    if condition.takes is not None and not isinstance(value, str):
        raise ValueError(f"{condition.name} needs a value: {condition.takes}")
    if value is True:
        return None
    try:
        return condition.parse(value)
    except ValueError as error:
        raise ValueError(f"{condition.name} takes {condition.takes}; {error}") from error


def described():
    return [
        {
            "name": one.name,
            "summary": one.summary,
            "takes": one.takes,
            "default": one.default,
            "value": current.get(one.name),
        }
        for one in sorted(ALL.values(), key=lambda one: one.name)
    ]


def answer(call, ask):
    """The answer to a call: ask() asks the region, below all conditions that are on and concern it."""
    proceed = ask
    for name in reversed(current):
        if ALL[name].concerns(call):
            proceed = layer(ALL[name], call, proceed)
    return proceed()


def layer(condition, call, below):
    return lambda: condition.meet(call, below)


def tick(now):
    for name in current:
        ALL[name].tick(now)
