"""AWS's price list: GetProducts for a few products of eu-central-1. moto has no such service.

An answer is as AWS's: each product is JSON in a string, its price is in its terms, and a question without a match has an empty list (Price List
Query API). Prices are the list prices of November 2026 as far as they are known.
"""

import json

from werkzeug.wrappers import Response


def products():
    def product(service, usage, usd, unit, **attributes):
        return {
            "serviceCode": service,
            "product": {
                "sku": usage,
                "productFamily": attributes.pop("productFamily"),
                "attributes": {"servicecode": service, "regionCode": "eu-central-1", "usagetype": usage, **attributes},
            },
            "terms": {"OnDemand": {f"{usage}.T": {"priceDimensions": {f"{usage}.T.D": dimension(usd, unit)}}}},
        }

    for instance_type, usd in (("t3.small", "0.0240000000"), ("c7i.large", "0.1018500000")):
        shared = {"instanceType": instance_type, "operatingSystem": "Linux", "preInstalledSw": "NA", "tenancy": "Shared", "marketoption": "OnDemand"}
        family = "Compute Instance"
        yield product("AmazonEC2", f"EUC1-BoxUsage:{instance_type}", usd, "Hrs", productFamily=family, capacitystatus="Used", **shared)
        yield product(
            "AmazonEC2", f"EUC1-UnusedBox:{instance_type}", usd, "Hrs", productFamily=family, capacitystatus="UnusedCapacityReservation", **shared
        )
    yield product("AmazonEC2", "EUC1-EBS:VolumeUsage.gp3", "0.0952000000", "GB-Mo", productFamily="Storage", volumeApiName="gp3")
    balancer = "Load Balancer-Application"
    yield product("AWSELB", "EUC1-LoadBalancerUsage", "0.0270000000", "Hrs", productFamily=balancer)
    yield product("AWSELB", "EUC1-LCUUsage", "0.0080000000", "LCU-Hrs", productFamily=balancer)
    yield product("AWSELB", "Outposts-LCUUsage", "0.0000000000", "LCU-Hrs", productFamily=balancer)
    yield product("AmazonEC2", "EUC1-NatGateway-Hours", "0.0520000000", "Hrs", productFamily="NAT Gateway")
    yield product("AmazonEC2", "EUC1-NatGateway-Bytes", "0.0520000000", "GB", productFamily="NAT Gateway")
    yield product("AmazonEC2", "EUC1-RegionalNatGateway-Hours", "0.0520000000", "Hrs", productFamily="NAT Gateway")
    yield product("AmazonVPC", "EUC1-VpcEndpoint-Hours", "0.0120000000", "Hrs", productFamily="VpcEndpoint")
    yield product("AmazonVPC", "EUC1-VpcEndpoint-Bytes", "0.0100000000", "GB", productFamily="VpcEndpoint")


def dimension(usd, unit):
    return {"unit": unit, "beginRange": "0", "endRange": "Inf", "pricePerUnit": {"USD": usd}}


PRODUCTS = list(products())


def is_asked(call):
    return call.signing == "pricing"


def answer(call):
    """The WSGI answer."""
    body, status = answer_to(call)
    response = Response(json.dumps(body), status, content_type="application/x-amz-json-1.1")
    return response(call.environ, call.start_response)


def answer_to(call):
    if call.operation != "GetProducts":
        return {"__type": "ValidationException", "message": f"the sandbox's price list has GetProducts, not {call.operation}"}, 400
    asked = json.loads(call.body or b"{}")
    found = [one for one in PRODUCTS if one["serviceCode"] == asked["ServiceCode"] and all(matches(one, wanted) for wanted in asked.get("Filters", []))]
    return {"FormatVersion": "aws_v1", "PriceList": [json.dumps(one) for one in found]}, 200


def matches(one, wanted):
    fields = {"productFamily": one["product"]["productFamily"], **one["product"]["attributes"]}
    return fields.get(wanted["Field"]) == wanted["Value"]
