"""S3 refuses a request while another one changes the same thing.

Two settings of a young bucket at once, or two CreateBucket calls for one name: 409 OperationAborted, "A conflicting conditional
operation is currently in progress against this resource" (S3 API, List of error codes; hashicorp/terraform-provider-aws#7628
and #33552). The first reads of a new bucket may not find it (Amazon S3 data consistency model, bucket configurations). A
conditional write while another one of the same key is in flight: 409 ConditionalRequestConflict (S3 User Guide, Conditional
writes), which AWS says to repeat.
"""

import contextlib
import threading
import time

from moto.s3.models import s3_backends

from emulator.lock import CONTROL_PLANE
from emulator.refusals import refuse
from emulator.weather.condition import Condition, seconds

ACCOUNT = "123456789012"
# How long a request is in flight, in seconds. In one process, each would end before the next one begins.
SETTING_SECONDS = 0.3
WRITE_SECONDS = 0.1
# How many reads of a new bucket do not find it, and for how long after it was created.
BLIND_READS = 2
BLIND_SECONDS = 5

ABORTED = "A conflicting conditional operation is currently in progress against this resource. Please try again."


class BusyBucket(Condition):
    name = "busy-bucket"
    summary = "S3 answers 409 to two changes at once, and does not find a new bucket at first"
    takes = "how long a bucket counts as new, such as 60s"
    default = "60s"

    def parse(self, text):
        return seconds(text)

    def begin(self):
        self.guard = threading.Lock()
        self.busy = set()
        # Bucket -> when it was created, and how many reads have missed it.
        self.born = {}

    def concerns(self, call):
        return call.by_client and call.signing == "s3"

    def meet(self, call, proceed):
        bucket, key = call.bucket_and_key
        if call.operation == "CreateBucket":
            with self.flight(bucket) as free:
                return self.create(bucket, proceed) if free else refuse(call, 409, "OperationAborted", ABORTED)
        if call.operation == "DeleteBucket":
            self.born.pop(bucket, None)
            return proceed()
        age = time.monotonic() - self.born[bucket][0] if bucket in self.born else None
        if age is not None and age < BLIND_SECONDS and not call.changes and self.misses(bucket):
            return refuse(call, 404, "NoSuchBucket", "The specified bucket does not exist")
        if not key and call.changes and age is not None and age < self.value:
            with self.flight(bucket) as free:
                return settle(proceed, SETTING_SECONDS) if free else refuse(call, 409, "OperationAborted", ABORTED)
        if key and conditional(call):
            with self.flight((bucket, key)) as free:
                return settle(proceed, WRITE_SECONDS) if free else refuse(call, 409, "ConditionalRequestConflict", CONFLICT)
        return proceed()

    def create(self, bucket, proceed):
        with CONTROL_PLANE:
            is_new = bucket not in s3_backends[ACCOUNT]["aws"].buckets
        answer = settle(proceed, SETTING_SECONDS)
        if is_new:
            self.born[bucket] = (time.monotonic(), 0)
        return answer

    def misses(self, bucket):
        with self.guard:
            when, reads = self.born[bucket]
            self.born[bucket] = (when, reads + 1)
        return reads < BLIND_READS

    @contextlib.contextmanager
    def flight(self, what):
        """Whether nothing else is in flight for this bucket or key; until the end, this request is."""
        with self.guard:
            free = what not in self.busy
            self.busy.add(what)
        try:
            yield free
        finally:
            if free:
                self.busy.discard(what)


def settle(proceed, pause):
    answer = proceed()
    time.sleep(pause)
    return answer


def conditional(call):
    return call.changes and ("HTTP_IF_MATCH" in call.environ or "HTTP_IF_NONE_MATCH" in call.environ)


CONFLICT = "The conditional request cannot succeed due to a conflicting operation against this resource."
CONDITION = BusyBucket()
