"""ELBv2: reachable names, limits, refusals."""

from region import RegionTest, also_in_moto, client, load_balancer, network, sandbox, target_group


class LoadBalancers(RegionTest):
    def setUp(self):
        super().setUp()
        self.elbv2 = client("elbv2")
        self.vpc, self.subnets = network()

    def balancer(self, name="web"):
        return self.elbv2.create_load_balancer(Name=name, Subnets=self.subnets)["LoadBalancers"][0]

    def listener(self, balancer, port, group):
        return self.elbv2.create_listener(
            LoadBalancerArn=balancer,
            Protocol="HTTP",
            Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
        )["Listeners"][0]["ListenerArn"]

    def test_its_name_is_the_loopback_port_of_its_first_listener(self):
        balancer = self.balancer()
        self.assertEqual(balancer["DNSName"], "127.0.0.1:41001")
        listener = self.listener(balancer["LoadBalancerArn"], 80, target_group(self.vpc, "one"))
        expected = {listener: {"port": 41001, "load_balancer_arn": balancer["LoadBalancerArn"]}}
        self.assertEqual(sandbox("GET", "/listeners"), expected)

    def test_its_name_leads_to_port_80_also_where_that_is_not_the_first_listener(self):
        balancer = self.balancer()["LoadBalancerArn"]
        group = target_group(self.vpc, "one")
        secure = self.listener(balancer, 443, group)
        plain = self.listener(balancer, 80, group)
        ports = {arn: one["port"] for arn, one in sandbox("GET", "/listeners").items()}
        self.assertEqual(ports, {plain: 41001, secure: 41002})

    def test_every_further_listener_takes_the_next_free_port(self):
        arn, first, group = load_balancer(self.vpc, self.subnets)
        second = self.listener(arn, 8080, group)
        other = self.balancer("other")
        self.assertEqual({key: one["port"] for key, one in sandbox("GET", "/listeners").items()}, {first: 41001, second: 41002})
        self.assertEqual(other["DNSName"], "127.0.0.1:41003")

    def fixed(self, listener, **config):
        return self.elbv2.create_rule(
            ListenerArn=listener,
            Priority=11,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["*"]}}],
            Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503", **config}}],
        )["Rules"][0]["RuleArn"]

    def test_a_fixed_response_has_at_most_1024_characters(self):
        _, listener, _ = load_balancer(self.vpc, self.subnets)
        with self.assertRaisesRegex(self.elbv2.exceptions.ClientError, "less than or equal to 1024"):
            self.fixed(listener, MessageBody="x" * 1025)
        rule = self.fixed(listener, MessageBody="x" * 1024, ContentType="text/html")
        longer = {"StatusCode": "503", "MessageBody": "x" * 1025}
        with self.assertRaisesRegex(self.elbv2.exceptions.ClientError, "less than or equal to 1024"):
            self.elbv2.modify_rule(RuleArn=rule, Actions=[{"Type": "fixed-response", "FixedResponseConfig": longer}])

    def secure_listener(self, actions):
        balancer = self.balancer()["LoadBalancerArn"]
        certificate = client("acm").request_certificate(DomainName="demo.example.com", ValidationMethod="DNS")["CertificateArn"]
        return self.elbv2.create_listener(
            LoadBalancerArn=balancer,
            Protocol="HTTPS",
            Port=443,
            Certificates=[{"CertificateArn": certificate}],
            DefaultActions=actions,
        )["Listeners"][0]["ListenerArn"]

    def login(self, **changes):
        config = {
            "Issuer": "https://login.example.com",
            "AuthorizationEndpoint": "https://login.example.com/auth",
            "TokenEndpoint": "https://login.example.com/token",
            "UserInfoEndpoint": "https://login.example.com/me",
            "ClientId": "demo",
            "ClientSecret": "hunter2",
            **changes,
        }
        return {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {k: v for k, v in config.items() if v is not None}}

    def test_a_login_comes_before_the_target_group_and_its_client_secret_is_never_returned(self):
        forward = {"Type": "forward", "Order": 2, "TargetGroupArn": target_group(self.vpc, "one")}
        listener = self.secure_listener([self.login(), forward])

        def found():
            return self.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"]

        def put(actions):
            self.elbv2.modify_listener(ListenerArn=listener, DefaultActions=actions)

        config = found()[0]["AuthenticateOidcConfig"]
        self.assertNotIn("ClientSecret", config)
        self.assertEqual([config["Scope"], config["SessionTimeout"], config["OnUnauthenticatedRequest"]], ["openid", 604800, "authenticate"])
        put([self.login(ClientSecret=None, UseExistingClientSecret=True, Scope="openid email"), forward])
        self.assertEqual(found()[0]["AuthenticateOidcConfig"]["Scope"], "openid email")
        self.assertNotIn("UseExistingClientSecret", found()[0]["AuthenticateOidcConfig"])
        self.refused("InvalidLoadBalancerAction", put, actions=[self.login(UseExistingClientSecret=True), forward])
        self.refused("InvalidLoadBalancerAction", put, actions=[self.login(ClientSecret=None), forward])
        self.refused("InvalidLoadBalancerAction", put, actions=[self.login(TokenEndpoint="http://login.example.com/token"), forward])
        self.refused("InvalidLoadBalancerAction", put, actions=[self.login()])
        self.refused("ValidationError", put, actions=[self.login(SessionTimeout=604801), forward])
        put([forward])
        self.refused("InvalidLoadBalancerAction", put, actions=[self.login(ClientSecret=None, UseExistingClientSecret=True), forward])

    def test_a_login_needs_https(self):
        _, listener, group = load_balancer(self.vpc, self.subnets)
        actions = [self.login(), {"Type": "forward", "Order": 2, "TargetGroupArn": group}]
        self.refused("InvalidLoadBalancerAction", self.elbv2.modify_listener, ListenerArn=listener, DefaultActions=actions)

    def test_a_listener_takes_only_headers_that_aws_knows(self):
        _, listener, _ = load_balancer(self.vpc, self.subnets)

        def put(header="x_frame_options", value="DENY"):
            key = f"routing.http.response.{header}.header_value"
            self.elbv2.modify_listener_attributes(ListenerArn=listener, Attributes=[{"Key": key, "Value": value}])
            found = self.elbv2.describe_listener_attributes(ListenerArn=listener)["Attributes"]
            return next(one["Value"] for one in found if one["Key"] == key)

        self.assertEqual(put(), "DENY")
        self.assertEqual(put(value=""), "")
        self.refused("ValidationError", put, value="NOBODY")
        self.refused("ValidationError", put, header="x_powered_by")
        # The listener has no certificate.
        self.refused("ValidationError", put, header="strict_transport_security", value="max-age=60")

    def test_deleting_frees_the_ports(self):
        arn, listener, group = load_balancer(self.vpc, self.subnets)
        self.elbv2.delete_listener(ListenerArn=listener)
        self.assertEqual(sandbox("GET", "/listeners"), {})
        again = self.listener(arn, 443, group)
        self.assertEqual(sandbox("GET", "/listeners")[again]["port"], 41001)
        self.elbv2.delete_load_balancer(LoadBalancerArn=arn)
        self.assertEqual(self.balancer("next")["DNSName"], "127.0.0.1:41001")

    def test_without_a_free_port_it_is_refused(self):
        for name in ("a", "b", "c"):
            self.balancer(name)
        message = self.refused("TooManyLoadBalancers", self.balancer, name="d")
        self.assertIn("3 listener ports", message)

    def test_it_is_active_at_once(self):
        self.assertEqual(self.balancer()["DNSName"], "127.0.0.1:41001")
        self.assertEqual(self.elbv2.describe_load_balancers()["LoadBalancers"][0]["State"]["Code"], "active")

    def test_a_second_one_of_the_same_name_is_refused(self):
        self.balancer()
        self.refused("DuplicateLoadBalancerName", self.balancer)

    def test_a_name_of_more_than_32_characters_is_refused(self):
        self.balancer("x" * 32)
        self.refused("ValidationError", self.balancer, name="x" * 33)

    def test_deletion_protection_protects(self):
        arn = self.balancer()["LoadBalancerArn"]
        protection = {"Key": "deletion_protection.enabled", "Value": "true"}
        self.elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[protection])
        self.refused("OperationNotPermitted", self.elbv2.delete_load_balancer, LoadBalancerArn=arn)
        protection["Value"] = "false"
        self.elbv2.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[protection])
        self.elbv2.delete_load_balancer(LoadBalancerArn=arn)

    def test_a_second_listener_on_the_same_port_is_refused(self):
        arn, _, group = load_balancer(self.vpc, self.subnets)
        self.refused("DuplicateListener", self.listener, balancer=arn, port=80, group=group)

    def test_target_groups_know_the_listeners_that_name_them_now(self):
        arn, listener, blue = load_balancer(self.vpc, self.subnets)
        green = target_group(self.vpc, "green")
        self.assertEqual(self.used_by(green), [])
        weights = [{"TargetGroupArn": blue, "Weight": 0}, {"TargetGroupArn": green, "Weight": 100}]
        forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}
        self.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward])
        self.assertEqual([self.used_by(blue), self.used_by(green)], [[arn], [arn]])
        self.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[{"Type": "forward", "TargetGroupArn": green}])
        self.assertEqual(self.used_by(blue), [])

    def used_by(self, group):
        return self.elbv2.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]["LoadBalancerArns"]

    def rule(self, listener, group, priority=1, tags=(), header="probe-1"):
        return self.elbv2.create_rule(
            ListenerArn=listener,
            Priority=priority,
            Conditions=[{"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Probe", "Values": [header]}}],
            Actions=[{"Type": "forward", "TargetGroupArn": group}],
            **({"Tags": list(tags)} if tags else {}),
        )["Rules"][0]

    @also_in_moto
    def test_a_rule_is_found_by_its_tags(self):
        _, listener, group = load_balancer(self.vpc, self.subnets)
        made = self.rule(listener, group, 7, [{"Key": "infer-deploy:release", "Value": "7"}])
        self.assertEqual((made["Priority"], made["IsDefault"]), ("7", False))
        rules = self.elbv2.describe_rules(ListenerArn=listener)["Rules"]
        self.assertEqual([(one["Priority"], one["IsDefault"]) for one in rules], [("7", False), ("default", True)])
        self.assertEqual(rules[0]["Conditions"][0]["HttpHeaderConfig"], {"HttpHeaderName": "X-Probe", "Values": ["probe-1"]})
        described = self.elbv2.describe_tags(ResourceArns=[one["RuleArn"] for one in rules if not one["IsDefault"]])
        tags = described["TagDescriptions"][0]
        self.assertEqual((tags["ResourceArn"], tags["Tags"]), (made["RuleArn"], [{"Key": "infer-deploy:release", "Value": "7"}]))

    def test_an_unknown_rule_cannot_be_deleted(self):
        _, listener, group = load_balancer(self.vpc, self.subnets)
        arn = self.rule(listener, group)["RuleArn"]
        self.elbv2.delete_rule(RuleArn=arn)
        self.assertEqual([one["Priority"] for one in self.elbv2.describe_rules(ListenerArn=listener)["Rules"]], ["default"])
        self.refused("RuleNotFound", self.elbv2.delete_rule, RuleArn=arn)

    def test_the_default_rule_cannot_be_deleted(self):
        _, listener, _ = load_balancer(self.vpc, self.subnets)
        default = self.elbv2.describe_rules(ListenerArn=listener)["Rules"][0]["RuleArn"]
        self.refused("OperationNotPermitted", self.elbv2.delete_rule, RuleArn=default)

    @also_in_moto
    def test_a_priority_is_given_once(self):
        _, listener, group = load_balancer(self.vpc, self.subnets)
        self.rule(listener, group, 3)
        self.refused("PriorityInUse", self.rule, listener=listener, group=group, priority=3)

    def test_rules_are_listed_by_priority(self):
        _, listener, group = load_balancer(self.vpc, self.subnets)
        for priority in (20, 3, 100):
            self.rule(listener, group, priority)
        found = [one["Priority"] for one in self.elbv2.describe_rules(ListenerArn=listener)["Rules"]]
        self.assertEqual(found, ["3", "20", "100", "default"])

    def test_an_unknown_target_group_is_refused(self):
        _, listener, group = load_balancer(self.vpc, self.subnets)
        gone = group[:-4] + "0000"
        self.refused("TargetGroupNotFound", self.rule, listener=listener, group=gone)
        weights = [{"TargetGroupArn": group, "Weight": 1}, {"TargetGroupArn": gone, "Weight": 0}]
        forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}
        self.refused("TargetGroupNotFound", self.elbv2.modify_listener, ListenerArn=listener, DefaultActions=[forward])

    @also_in_moto
    def test_an_unknown_listener_is_refused(self):
        _, listener, group = load_balancer(self.vpc, self.subnets)
        forward = {"Type": "forward", "TargetGroupArn": group}
        self.elbv2.delete_listener(ListenerArn=listener)
        self.refused("ListenerNotFound", self.elbv2.modify_listener, ListenerArn=listener, DefaultActions=[forward])
        self.refused("ListenerNotFound", self.elbv2.describe_rules, ListenerArn=listener)
        self.refused("ListenerNotFound", self.rule, listener=listener, group=group)

    @also_in_moto
    def test_weights_are_read_back_as_they_were_written(self):
        _, listener, blue = load_balancer(self.vpc, self.subnets)
        green = target_group(self.vpc, "green")
        weights = [{"TargetGroupArn": blue, "Weight": 90}, {"TargetGroupArn": green, "Weight": 10}]
        forward = {"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}
        self.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward])
        found = self.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]
        self.assertEqual(found["DefaultActions"][0]["ForwardConfig"]["TargetGroups"], weights)
        self.assertEqual((found["Port"], found["Protocol"]), (80, "HTTP"))
        default = self.elbv2.describe_rules(ListenerArn=listener)["Rules"][-1]
        self.assertEqual(default["Actions"][0]["ForwardConfig"]["TargetGroups"], weights)

    def test_deregistering_what_is_not_registered_succeeds(self):
        group = target_group(self.vpc, "one")
        self.elbv2.deregister_targets(TargetGroupArn=group, Targets=[{"Id": "i-0123456789abcdef0"}])

    def test_a_target_group_may_be_deleted_twice(self):
        group = target_group(self.vpc, "one")
        for _ in range(2):
            self.elbv2.delete_target_group(TargetGroupArn=group)

    def test_registering_an_instance_that_does_not_exist_is_refused(self):
        targets = [{"Id": "i-0123456789abcdef0"}]
        group = target_group(self.vpc, "one")
        self.refused("InvalidTarget", self.elbv2.register_targets, TargetGroupArn=group, Targets=targets)

    def test_it_accepts_50_tags(self):
        arn = self.balancer()["LoadBalancerArn"]
        tags = [{"Key": f"key{number}", "Value": "x"} for number in range(50)]
        self.elbv2.add_tags(ResourceArns=[arn], Tags=tags[:25])
        self.elbv2.add_tags(ResourceArns=[arn], Tags=tags[25:])
        one_more = [{"Key": "one-more", "Value": "x"}]
        self.refused("TooManyTags", self.elbv2.add_tags, ResourceArns=[arn], Tags=one_more)
