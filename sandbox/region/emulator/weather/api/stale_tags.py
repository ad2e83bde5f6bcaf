"""GetResources keeps listing what was deleted.

It returns "all the tagged or previously tagged resources" (Resource Groups Tagging API, GetResources). Its index follows the
services: users found volumes, listeners and rules in it 20 minutes and more after they were deleted (aws/aws-sdk#676,
boto/boto3#3341, aws/aws-cli#4173).
"""

import time

from moto.core.resource_tagging import TaggedResource, iter_taggable_backends, make_tag_matcher, match_resource_type
from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend

from emulator.lock import CONTROL_PLANE
from emulator.patching import patches
from emulator.weather.condition import Condition, seconds

ACCOUNT = "123456789012"


class StaleTags(Condition):
    name = "stale-tags"
    summary = "the tagging API keeps listing what was deleted"
    takes = "how long, such as 20m"
    default = "20m"

    def parse(self, text):
        return seconds(text)

    def begin(self):
        # Region -> ARN -> the resource, and when it was seen last.
        self.seen = {}

    def meet(self, call, proceed):
        self.seen.setdefault(call.region, {})
        # The call may delete something: remember it. An object in a bucket is not in the index.
        if call.changes and not (call.signing == "s3" and call.bucket_and_key[1]):
            with CONTROL_PLANE:
                self.look(call.region)
        return proceed()

    def tick(self, now):
        """Finds what goes without a client's call, such as a replaced instance."""
        for region in self.seen:
            self.look(region)

    def look(self, region):
        now = time.monotonic()
        found = self.seen[region]
        for backend in iter_taggable_backends(ACCOUNT, region):
            for one in backend.iter_tagged_resources():
                if one.tags:
                    found[one.arn] = (TaggedResource(one.arn, dict(one.tags), one.resource_type), now)
        for arn in [arn for arn, (_, last) in found.items() if now - last > self.value]:
            del found[arn]

    def gone(self, region, listed):
        self.seen.setdefault(region, {})
        self.look(region)
        return [one for arn, (one, _) in self.seen[region].items() if arn not in listed]


CONDITION = StaleTags()


@patches(ResourceGroupsTaggingAPIBackend, "_get_resources_generator")
def get_resources(moto, backend, tag_filters=None, resource_type_filters=None, resource_arn_list=None):
    listed = set()
    for one in moto(tag_filters, resource_type_filters, resource_arn_list):
        listed.add(one.arn)
        yield one
    if not CONDITION.on:
        return
    matches = make_tag_matcher(tag_filters)
    for one in CONDITION.gone(backend.region_name, listed):
        if not match_resource_type(one.resource_type, resource_type_filters) or not matches(one.tags):
            continue
        if resource_arn_list and one.arn not in resource_arn_list:
            continue
        yield one
