"""The two slots of a single machine: what the traffic document asks of them."""
COLOURS = ("blue", "green")
# The door's copy of the traffic document, and what it passes to the agents of the slots: generation, in_flight by colour, drain_seconds.
TRAFFIC_FILE, DOOR_FILE = "/run/infer-deploy/traffic.json", "/run/infer-deploy/door.json"

# What each slot's agent runs: its CONTAINER_FILE.
SLOT_FILE = "/run/infer-deploy-{}/container.json"


def slot_runs(traffic, colour, now):
    """Whether a release may run in the slot. `now`: epoch seconds."""
    slot = traffic["slots"][colour]
    return slot["run"] and (slot["until"] is None or now < slot["until"])


def serving_weights(traffic, ailing, now):
    """The weights to serve by. A slot that does not run gets nothing; one whose checks fail falls out, unless it is the only one."""
    weights = {colour: traffic["weights"][colour] if slot_runs(traffic, colour, now) else 0 for colour in COLOURS}
    sound = {colour: 0 if colour in ailing else weight for colour, weight in weights.items()}
    return sound if any(sound.values()) else weights
