"""Service Quotas: the quotas of EC2 that a stack counts against. moto knows those of VPC only."""

from moto.servicequotas.models import ServiceQuotasBackend

from emulator.patching import patches
from emulator.weather.api import no_capacity

# The code of a quota, its name, and its value. A new account may run 5 standard vCPUs and no accelerators; AWS raises the first with
# the account's use, and the region stands for such an account (Amazon EC2 user guide, "Amazon EC2 instance type quotas").
EC2_QUOTAS = (
    ("L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 64.0),
    ("L-7295265B", "Running On-Demand X instances", 0.0),
    ("L-DB2E81BA", "Running On-Demand G and VT instances", 0.0),
    ("L-417A185B", "Running On-Demand P instances", 0.0),
    ("L-1945791B", "Running On-Demand Inf instances", 0.0),
    ("L-2C3B7624", "Running On-Demand Trn instances", 0.0),
    ("L-34B43A08", "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", 64.0),
    ("L-3819A6DF", "All G and VT Spot Instance Requests", 0.0),
    ("L-7212CCBC", "All P Spot Instance Requests", 0.0),
    ("L-0263D0A3", "EC2-VPC Elastic IPs", 5.0),
)


@patches(ServiceQuotasBackend, "get_service_quota")
def get_service_quota(moto, backend, service_code, quota_code):
    if service_code != "ec2":
        return moto(service_code, quota_code)
    for code, name, value in EC2_QUOTAS:
        if code == quota_code:
            value = min(value, no_capacity.VCPU_LIMIT) if no_capacity.CONDITION.lacks_quota() and name.startswith("Running") else value
            return {
                "ServiceCode": "ec2",
                "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
                "QuotaArn": f"arn:aws:servicequotas:{backend.region_name}:{backend.account_id}:ec2/{code}",
                "QuotaCode": code,
                "QuotaName": name,
                "Value": value,
                "Unit": "None",
                "Adjustable": True,
                "GlobalQuota": False,
            }
    return moto(service_code, quota_code)
