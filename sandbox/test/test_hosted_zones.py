"""The zone that a configuration names exists, and its records lead to the listeners' ports."""

from region import RegionTest, client, http, load_balancer, network, sandbox, ENDPOINT


class HostedZones(RegionTest):
    def test_a_zone_by_name_is_created_once(self):
        for domain in ("api.example.com", "other.example.com"):
            sandbox("PUT", "/hosted-zone", {"zone": "example.com", "domain": domain, "region": "eu-west-1"})
        zones = client("route53").list_hosted_zones()["HostedZones"]
        self.assertEqual([(zone["Name"], zone["Config"]["PrivateZone"]) for zone in zones], [("example.com.", False)])

    def test_a_zone_by_id_takes_the_records_of_the_domain(self):
        sandbox("PUT", "/hosted-zone", {"zone": "Z0123456789ABC", "domain": "api.example.com"})
        self.assertEqual(client("route53").get_hosted_zone(Id="Z0123456789ABC")["HostedZone"]["Name"], "example.com.")
        record("Z0123456789ABC", "_proof.api.example.com", {"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "x.aws"}]})

    def test_a_domain_of_two_labels_is_its_own_zone(self):
        made = sandbox("PUT", "/hosted-zone", {"zone": "Z0123456789ABC", "domain": "example.com"})
        self.assertEqual(made, {"id": "Z0123456789ABC", "name": "example.com."})

    def test_a_domain_leads_to_the_ports_of_its_load_balancers_listeners(self):
        _, _, _ = load_balancer(*network())
        zone = sandbox("PUT", "/hosted-zone", {"zone": "example.com", "domain": "api.example.com"})["id"]
        balancer = client("elbv2").describe_load_balancers()["LoadBalancers"][0]
        target = {"DNSName": balancer["DNSName"], "HostedZoneId": balancer["CanonicalHostedZoneId"], "EvaluateTargetHealth": True}
        record(zone, "api.example.com", {"Type": "A", "AliasTarget": target})
        [listener] = sandbox("GET", "/listeners").values()
        ports = {"80": listener["port"]}
        self.assertEqual(sandbox("GET", "/addresses"), {balancer["DNSName"]: ports, "api.example.com": ports})

    def test_a_record_is_created_again_after_it_was_deleted_whatever_else_the_zone_holds(self):
        zone = sandbox("PUT", "/hosted-zone", {"zone": "example.com", "domain": "api.example.com"})["id"]
        address = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
        record(zone, "api.example.com", address)
        record(zone, "api.example.com", address, "DELETE")
        record(zone, "_proof.api.example.com", {"Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "x.aws"}]})
        record(zone, "api.example.com", address)

    def test_a_record_that_exists_is_not_created_a_second_time(self):
        zone = sandbox("PUT", "/hosted-zone", {"zone": "example.com", "domain": "api.example.com"})["id"]
        record(zone, "api.example.com", {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]})
        other = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.2"}]}
        message = self.refused("InvalidChangeBatch", record, zone=zone, name="api.example.com", rest=other)
        self.assertIn("[name='api.example.com.', type='A'] but it already exists", message)

    def test_the_public_dns_knows_a_public_zone_and_its_caa_records(self):
        zone = sandbox("PUT", "/hosted-zone", {"zone": "example.com", "domain": "api.example.com"})["id"]
        servers = client("route53").get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"]
        self.assertEqual(sandbox("GET", "/dns?name=example.com")["name_servers"], [name.rstrip(".") for name in servers])
        self.assertEqual(sandbox("GET", "/dns?name=other.com"), {"name_servers": [], "issuers": [], "addresses": []})
        record(zone, "api.example.com", {"Type": "CAA", "TTL": 60, "ResourceRecords": [{"Value": '0 issue "amazon.com"'}]})
        self.assertEqual(sandbox("GET", "/dns?name=api.example.com")["issuers"], ["amazon.com"])
        record(zone, "api.example.com", {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]})
        self.assertEqual(sandbox("GET", "/dns?name=api.example.com")["addresses"], ["192.0.2.1"])

    def test_nothing_is_delegated_to_a_new_zone(self):
        made = client("route53").create_hosted_zone(Name="new.example", CallerReference="1")
        self.assertEqual(sandbox("GET", "/dns?name=new.example")["name_servers"], [])
        self.assertRegex(made["HostedZone"]["Id"], "^/hostedzone/Z[A-Z0-9]+$")
        servers = made["DelegationSet"]["NameServers"]
        sandbox("PUT", "/dns", {"zone": "new.example", "name_servers": servers})
        self.assertEqual(sandbox("GET", "/dns?name=new.example")["name_servers"], servers)

    def test_a_registrar_may_delegate_to_other_name_servers(self):
        sandbox("PUT", "/hosted-zone", {"zone": "example.com", "domain": "api.example.com"})
        sandbox("PUT", "/dns", {"zone": "example.com", "name_servers": ["NS1.registrar.example."]})
        self.assertEqual(sandbox("GET", "/dns?name=example.com")["name_servers"], ["ns1.registrar.example"])

    def test_a_zone_without_a_domain_is_refused(self):
        status, _, text = http("PUT", f"{ENDPOINT}/_sandbox/hosted-zone", {"zone": "example.com"})
        self.assertEqual(status, 400, text)


def record(zone, name, rest, action="CREATE"):
    change = {"Action": action, "ResourceRecordSet": {"Name": name, **rest}}
    client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
