"""The days that certificates have left, as a metric (Supported CloudWatch metrics, AWS Certificate Manager)."""

import datetime

from moto.acm.models import acm_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.utils import utcnow

# ACM publishes twice a day; a rehearsal does not last so long.
EVERY = 60

published = {"at": 0.0}


def publish(now):
    if now - published["at"] < EVERY:
        return
    published["at"] = now
    for account, region, backend in acm_backends.iter_backends():
        data = [datum(certificate) for certificate in list(backend._certificates.values()) if certificate.status == "ISSUED"]
        if data:
            cloudwatch_backends[account][region].put_metric_data("AWS/CertificateManager", data)


def datum(certificate):
    end = certificate._not_valid_after(certificate._cert)
    left = (end - utcnow()) // datetime.timedelta(days=1)
    return {"MetricName": "DaysToExpiry", "Dimensions": [{"Name": "CertificateArn", "Value": certificate.arn}], "Value": left}
