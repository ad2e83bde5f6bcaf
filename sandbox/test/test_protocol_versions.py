"""Target groups of HTTP/2 and gRPC: their defaults, and what AWS refuses."""

from botocore.exceptions import ClientError
from region import RegionTest, also_in_moto, client, network


class ProtocolVersions(RegionTest):
    def setUp(self):
        super().setUp()
        self.elbv2 = client("elbv2")
        self.vpc, self.subnets = network()
        balancer = self.elbv2.create_load_balancer(Name="web", Subnets=self.subnets)
        self.balancer = balancer["LoadBalancers"][0]["LoadBalancerArn"]
        arn = client("acm").request_certificate(DomainName="api.example.com", ValidationMethod="DNS")["CertificateArn"]
        self.tls = {"Protocol": "HTTPS", "Port": 443, "Certificates": [{"CertificateArn": arn}]}

    def make(self, name, version, **settings):
        made = self.elbv2.create_target_group(
            Name=name, Protocol="HTTP", ProtocolVersion=version, Port=8000, VpcId=self.vpc, **settings
        )
        return made["TargetGroups"][0]

    def listen(self, group, **listener):
        actions = [{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}]
        made = self.elbv2.create_listener(LoadBalancerArn=self.balancer, DefaultActions=actions, **listener)
        return made["Listeners"][0]["ListenerArn"]

    def refused(self, code, words, call, *args, **kwargs):
        with self.assertRaises(ClientError) as caught:
            call(*args, **kwargs)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], code, error)
        self.assertIn(words, error["Message"])

    def test_grpc_has_codes_and_a_path_of_its_own(self):
        group = self.make("grpc", "GRPC")
        self.assertEqual((group["ProtocolVersion"], group["Matcher"]), ("GRPC", {"GrpcCode": "12"}))
        self.assertEqual(group["HealthCheckPath"], "/AWS.ALB/healthcheck")
        arn = group["TargetGroupArn"]
        self.elbv2.modify_target_group(TargetGroupArn=arn, Matcher={"GrpcCode": "0"}, HealthCheckPath="/a.B/C")
        group = self.elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
        self.assertEqual((group["Matcher"], group["HealthCheckPath"]), ({"GrpcCode": "0"}, "/a.B/C"))

    def test_the_codes_of_the_other_kind_are_refused(self):
        self.refused("ValidationError", "HttpCode", self.make, "grpc", "GRPC", Matcher={"HttpCode": "200"})
        self.refused("ValidationError", "GrpcCode", self.make, "plain", "HTTP2", Matcher={"GrpcCode": "0"})
        self.refused("ValidationError", "HTTP3", self.make, "three", "HTTP3")

    def test_a_listener_without_tls_is_refused(self):
        words = "Listener protocol 'HTTP' is not supported with a target group with the protocol-version"
        plain = {"Protocol": "HTTP", "Port": 80}
        for version in ("HTTP2", "GRPC"):
            group = self.make(f"g-{version}", version)
            self.refused("InvalidLoadBalancerAction", f"{words} '{version}'", self.listen, group, **plain)
        listener = self.listen(self.make("plain", "HTTP1"), **plain)
        actions = [{"Type": "forward", "TargetGroupArn": group["TargetGroupArn"]}]
        condition = {"Field": "path-pattern", "Values": ["/a"]}
        create = {"ListenerArn": listener, "Priority": 1, "Conditions": [condition], "Actions": actions}
        self.refused("InvalidLoadBalancerAction", words, self.elbv2.create_rule, **create)
        modify = {"ListenerArn": listener, "DefaultActions": actions}
        self.refused("InvalidLoadBalancerAction", words, self.elbv2.modify_listener, **modify)

    @also_in_moto
    def test_one_with_tls_takes_it_and_other_rules_may_answer_by_themselves(self):
        listener = self.listen(self.make("grpc", "GRPC"), **self.tls)
        fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
        condition = {"Field": "path-pattern", "Values": ["/a"]}
        rule = self.elbv2.create_rule(ListenerArn=listener, Priority=1, Conditions=[condition], Actions=[fixed])
        self.assertEqual(len(rule["Rules"]), 1)

    def test_a_login_in_front_is_refused(self):
        group = self.make("grpc", "GRPC")
        urls = {key: "https://login.example.com" for key in ("Issuer", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint")}
        login = {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {**urls, "ClientId": "a", "ClientSecret": "b"}}
        forward = {"Type": "forward", "Order": 2, "TargetGroupArn": group["TargetGroupArn"]}
        made = {"LoadBalancerArn": self.balancer, "DefaultActions": [login, forward], **self.tls}
        self.refused("InvalidLoadBalancerAction", "'authenticate-oidc' is not supported", self.elbv2.create_listener, **made)
