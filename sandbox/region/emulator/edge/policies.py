"""Cache policies and response headers policies, which moto lacks."""

from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult

from emulator.edge.store import Entity, add_paths, check_version, find, listed, policy_id, shelf
from emulator.patching import adds

# Developer guide, "Use managed cache policies" and "Use managed origin request policies": the ids are the same in every account.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"

add_paths(
    "cache-policy",
    "cache-policy/(?P<policy_id>[^/]+)",
    "response-headers-policy",
    "response-headers-policy/(?P<policy_id>[^/]+)",
)


class Kind:
    """One kind of policy. `name` is CachePolicy; its operations are CreateCachePolicy and so on."""

    def __init__(self, name, snake, plural, used_by):
        self.name, self.snake, self.plural = name, snake, plural
        # The behaviour's key that names such a policy.
        self.used_by = used_by

    def create(self, response):
        config = response._get_param(f"{self.name}Config", {})
        entities = shelf(response.backend, self.name)
        self.check_name(entities, config)
        entity = Entity(policy_id(), config)
        entities[entity.id] = entity
        return ActionResult({**self.answer(entity), "Location": f"https://cloudfront.amazonaws.com/2020-05-31/{entity.id}"})

    def get(self, response):
        return ActionResult(self.answer(self.named(response)))

    def list(self, response):
        """The account's own: the managed ones are not listed here."""
        entities = shelf(response.backend, self.name).values()
        items = [{"Type": "custom", self.name: self.answer(one)[self.name]} for one in entities]
        return ActionResult({f"{self.name}List": listed(items)})

    def update(self, response):
        entity = self.named(response)
        check_version(entity.etag, response._get_param("IfMatch"))
        config = response._get_param(f"{self.name}Config", {})
        self.check_name(shelf(response.backend, self.name), config, entity)
        entity.put(config)
        return ActionResult(self.answer(entity))

    def delete(self, response):
        entity = self.named(response)
        check_version(entity.etag, response._get_param("IfMatch"))
        if any(self.is_used(dist, entity.id) for dist in response.backend.distributions.values()):
            raise CloudFrontException(f"{self.name}InUse", "Cannot delete the policy because it is attached to one or more cache behaviors.")
        del shelf(response.backend, self.name)[entity.id]
        return EmptyResult()

    def named(self, response):
        return find(shelf(response.backend, self.name), response._get_param("Id"), f"NoSuch{self.name}")

    def answer(self, entity):
        body = {"Id": entity.id, "LastModifiedTime": entity.changed, f"{self.name}Config": entity.config}
        return {self.name: body, "ETag": entity.etag}

    def check_name(self, entities, config, but=None):
        if any(one.config["Name"] == config["Name"] for one in entities.values() if one is not but):
            raise CloudFrontException(f"{self.name}AlreadyExists", f"A policy with the name {config['Name']} already exists.")

    def is_used(self, dist, number):
        raw = dist.distribution_config.sandbox_raw
        behaviors = [raw["DefaultCacheBehavior"], *(raw.get("CacheBehaviors") or {}).get("Items", [])]
        return any(behavior.get(self.used_by) == number for behavior in behaviors)


KINDS = (
    Kind("CachePolicy", "cache_policy", "cache_policies", "CachePolicyId"),
    Kind("ResponseHeadersPolicy", "response_headers_policy", "response_headers_policies", "ResponseHeadersPolicyId"),
)


def add(kind, verb):
    adds(CloudFrontResponse, f"{verb}_{kind.plural if verb == 'list' else kind.snake}")(lambda response: getattr(kind, verb)(response))


for kind in KINDS:
    for verb in ("create", "get", "list", "update", "delete"):
        add(kind, verb)


def check_named(backend, behavior):
    """A behaviour names policies that exist: managed ones, or the account's."""
    for key, name, managed in (
        ("CachePolicyId", "CachePolicy", {CACHING_DISABLED}),
        ("ResponseHeadersPolicyId", "ResponseHeadersPolicy", set()),
        ("OriginRequestPolicyId", "OriginRequestPolicy", {ALL_VIEWER}),
    ):
        number = behavior.get(key)
        if number and number not in managed and number not in shelf(backend, name):
            raise CloudFrontException(f"NoSuch{name}", f"The policy {number} does not exist.")


def config_of(backend, name, number):
    """The configuration of a policy of the account; None for a managed one."""
    entity = shelf(backend, name).get(number)
    return entity.config if entity else None
