"""The two minutes between AWS's notice and the end of a Spot Instance."""
import json
import urllib.parse

from problem import Problem

# AWS recommends to ask every five seconds. The answer comes from the machine's own host, without cost or quota.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
NOTICE_SECONDS = 5


class Spot:
    """ends: when AWS reclaims the instance, in its words, or "". left: it gets no new requests any more."""

    def __init__(self, settings, metadata, aws, instance):
        self.target_group, self.metadata, self.aws, self.instance = settings.get("target_group"), metadata, aws, instance
        self.ends, self.left, self.next_look = "", False, 0.0

    def look(self, now):
        """True from the notice on. The instance leaves its target group at once, so that requests in flight have two minutes."""
        if not self.target_group or now < self.next_look:
            return bool(self.ends)
        self.next_look = now + NOTICE_SECONDS
        try:
            self.ends = self.ends or self.read_notice()
            if self.ends and not self.left:
                self.leave()
        except Problem as problem:
            print(problem, flush=True)
        return bool(self.ends)

    def read_notice(self):
        notice = self.metadata.read("spot/instance-action", "")
        return json.loads(notice)["time"] if notice else ""

    def leave(self):
        """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html"""
        fields = {"Action": "DeregisterTargets", "Version": "2015-12-01", "TargetGroupArn": self.target_group, "Targets.member.1.Id": self.instance}
        service = "elasticloadbalancing"
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        self.aws.request("POST", self.aws.address(service), headers, urllib.parse.urlencode(fields).encode(), service, "ELB DeregisterTargets")
        self.left = True
        print(f"AWS reclaims this Spot Instance at {self.ends}. It has left its load balancer.", flush=True)

    def words(self):
        rest = "gets no new requests" if self.left else "is leaving its load balancer"
        return f"AWS reclaims this Spot Instance at {self.ends}. It {rest}."
