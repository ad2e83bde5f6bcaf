"""CloudFront: distributions, VPC origins and policies."""

import time

from region import RegionTest, client, load_balancer, network, sandbox


class CloudFront(RegionTest):
    def setUp(self):
        super().setUp()
        self.vpc, subnets = network()
        self.balancer, _, _ = load_balancer(self.vpc, subnets)
        gateway = client("ec2").create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        client("ec2").attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)

    def test_a_vpc_origin_wants_a_load_balancer_in_a_vpc_with_an_internet_gateway(self):
        self.refused("InvalidArgument", origin, arn=f"{self.balancer}x")
        for gateway in client("ec2").describe_internet_gateways()["InternetGateways"]:
            client("ec2").detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=self.vpc)
        self.refused("InvalidArgument", origin, arn=self.balancer)

    def test_a_vpc_origin_is_deployed_after_a_while_and_deleted_by_its_version_when_nothing_uses_it(self):
        made = origin(self.balancer)
        self.assertEqual(made["VpcOrigin"]["Status"], "Deploying")
        number = made["VpcOrigin"]["Id"]
        cloudfront = client("cloudfront")
        self.eventually(lambda: cloudfront.get_vpc_origin(Id=number)["VpcOrigin"]["Status"] == "Deployed")
        dist = distribution(number)
        self.refused("CannotDeleteEntityWhileInUse", cloudfront.delete_vpc_origin, Id=number, IfMatch=made["ETag"])
        remove(self, dist)
        self.refused("PreconditionFailed", cloudfront.delete_vpc_origin, Id=number, IfMatch="old")
        cloudfront.delete_vpc_origin(Id=number, IfMatch=made["ETag"])
        self.refused("EntityNotFound", cloudfront.get_vpc_origin, Id=number)
        self.assertEqual(cloudfront.list_vpc_origins()["VpcOriginList"]["Quantity"], 0)

    def test_a_distribution_keeps_its_way_and_leads_from_its_name_to_two_ports(self):
        number = origin(self.balancer)["VpcOrigin"]["Id"]
        dist = distribution(number)["Distribution"]
        [found] = dist["DistributionConfig"]["Origins"]["Items"]
        self.assertEqual(found["VpcOriginConfig"]["OriginReadTimeout"], 60)
        self.assertEqual(dist["DistributionConfig"]["DefaultCacheBehavior"].get("ForwardedValues"), None)
        ports = sandbox("GET", "/addresses")[dist["DomainName"]]
        [listener] = sandbox("GET", "/listeners").values()
        [seen] = sandbox("GET", "/distributions")["distributions"]
        self.assertEqual((seen["origin_port"], seen["ports"]), (listener["port"], [ports["80"], ports["443"]]))
        self.assertEqual(len({*ports.values(), listener["port"]}), 3)

    def test_a_distribution_is_deleted_when_it_is_disabled_and_deployed(self):
        made = distribution(origin(self.balancer)["VpcOrigin"]["Id"])
        cloudfront = client("cloudfront")
        number = made["Distribution"]["Id"]
        self.refused("DistributionNotDisabled", cloudfront.delete_distribution, Id=number, IfMatch=made["ETag"])
        self.refused("PreconditionFailed", disable, made=made, version="old")
        version = disable(made)["ETag"]
        self.assertNotEqual(version, made["ETag"])
        self.refused("DistributionNotDisabled", cloudfront.delete_distribution, Id=number, IfMatch=version)
        self.eventually(lambda: cloudfront.get_distribution(Id=number)["Distribution"]["Status"] == "Deployed")
        cloudfront.delete_distribution(Id=number, IfMatch=version)
        self.assertNotIn(made["Distribution"]["DomainName"], sandbox("GET", "/addresses"))

    def test_policies_have_names_of_their_own_and_stay_while_a_behaviour_names_them(self):
        cloudfront = client("cloudfront")
        config = {
            "Name": "labels",
            "MinTTL": 0,
            "DefaultTTL": 60,
            "MaxTTL": 60,
            "ParametersInCacheKeyAndForwardedToOrigin": {
                "EnableAcceptEncodingGzip": True,
                "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": {"Quantity": 1, "Items": ["Host"]}},
                "CookiesConfig": {"CookieBehavior": "none"},
                "QueryStringsConfig": {"QueryStringBehavior": "all"},
            },
        }
        made = cloudfront.create_cache_policy(CachePolicyConfig=config)
        self.refused("CachePolicyAlreadyExists", cloudfront.create_cache_policy, CachePolicyConfig=config)
        number = made["CachePolicy"]["Id"]
        headers = cloudfront.create_response_headers_policy(
            ResponseHeadersPolicyConfig={
                "Name": "headers",
                "SecurityHeadersConfig": {"FrameOptions": {"Override": True, "FrameOption": "DENY"}},
            }
        )
        way = origin(self.balancer)["VpcOrigin"]["Id"]
        self.refused("NoSuchCachePolicy", distribution, way=way, policy="00000000-0000-0000-0000-000000000000")
        distribution(way, number, headers["ResponseHeadersPolicy"]["Id"])
        self.assertEqual(cloudfront.list_cache_policies(Type="custom")["CachePolicyList"]["Items"][0]["CachePolicy"]["Id"], number)
        self.assertEqual(cloudfront.list_response_headers_policies()["ResponseHeadersPolicyList"]["Quantity"], 1)
        self.refused("CachePolicyInUse", cloudfront.delete_cache_policy, Id=number, IfMatch=made["ETag"])
        config["MaxTTL"] = config["DefaultTTL"] = 30
        changed = cloudfront.update_cache_policy(CachePolicyConfig=config, Id=number, IfMatch=made["ETag"])
        self.refused("PreconditionFailed", cloudfront.update_cache_policy, CachePolicyConfig=config, Id=number, IfMatch=made["ETag"])
        self.assertEqual(cloudfront.get_cache_policy(Id=number)["ETag"], changed["ETag"])
        [seen] = sandbox("GET", "/distributions")["distributions"]
        self.assertEqual(seen["behaviors"][0]["policy"]["MaxTTL"], 30)
        self.assertEqual(seen["security_headers"]["FrameOptions"]["FrameOption"], "DENY")

    def test_the_controller_sees_invalidations(self):
        dist = distribution(origin(self.balancer)["VpcOrigin"]["Id"])["Distribution"]
        batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": "1"}
        client("cloudfront").create_invalidation(DistributionId=dist["Id"], InvalidationBatch=batch)
        [seen] = sandbox("GET", "/distributions")["distributions"]
        self.assertEqual(seen["invalidations"], 1)


def origin(arn):
    config = {"Name": "web", "Arn": arn, "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"}
    return client("cloudfront").create_vpc_origin(VpcOriginEndpointConfig=config)


def distribution(way, policy="4135ea2d-6df8-44a3-9df3-4b5a84be39ad", headers=None):
    """With a behaviour for /labels that has the same cache policy."""
    behavior = {"TargetOriginId": "app", "ViewerProtocolPolicy": "redirect-to-https", "CachePolicyId": policy}
    default = {**behavior, "OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3"}
    if headers:
        default["ResponseHeadersPolicyId"] = headers
    config = {
        "CallerReference": str(time.time()),
        "Comment": "",
        "Enabled": True,
        "Origins": {
            "Quantity": 1,
            "Items": [
                {"Id": "app", "DomainName": "web.example.com", "VpcOriginConfig": {"VpcOriginId": way, "OriginReadTimeout": 60}}
            ],
        },
        "DefaultCacheBehavior": default,
        "CacheBehaviors": {"Quantity": 1, "Items": [{**behavior, "PathPattern": "/labels"}]},
    }
    return client("cloudfront").create_distribution(DistributionConfig=config)


def disable(made, version=None):
    number = made["Distribution"]["Id"]
    config = client("cloudfront").get_distribution_config(Id=number)["DistributionConfig"]
    return client("cloudfront").update_distribution(
        Id=number, IfMatch=version or made["ETag"], DistributionConfig={**config, "Enabled": False}
    )


def remove(test, made):
    version = disable(made)["ETag"]
    cloudfront = client("cloudfront")
    number = made["Distribution"]["Id"]
    test.eventually(lambda: cloudfront.get_distribution(Id=number)["Distribution"]["Status"] == "Deployed")
    cloudfront.delete_distribution(Id=number, IfMatch=version)
