package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var script = named{commonRules, "CrossSiteScripting_QUERYARGUMENTS"}
var largeBody = named{commonRules, "SizeRestrictions_BODY"}
var jndi = named{badInputRules, "Log4JRCE_HEADER"}

func acl(change func(common *aclRule)) webACL {
	bad := aclRule{Name: "bad", Metric: "bad-m", Action: actionBlock, Group: badInputRules}
	common := aclRule{Name: "common", Metric: "common-m", Action: actionBlock, Group: commonRules, Overrides: map[string]string{"SizeRestrictions_BODY": actionCount}}
	change(&common)
	rate := aclRule{Name: "rate", Metric: "rate-m", Action: actionBlock, Limit: 10, Window: 60}
	return webACL{Default: "ALLOW", Rules: []aclRule{bad, common, rate}}
}

func TestJudge(t *testing.T) {
	asIs := func(*aclRule) {}
	for _, one := range []struct {
		name    string
		acl     webACL
		matched []named
		over    bool
		want    string
	}{
		{"no match", acl(asIs), nil, false, "ALLOW []"},
		{"a match blocks", acl(asIs), []named{script}, false, "BLOCK [{common common-m BLOCK AWS#AWSManagedRulesCommonRuleSet#CrossSiteScripting_QUERYARGUMENTS}]"},
		{"a rule that is overridden counts", acl(asIs), []named{largeBody}, false, "ALLOW [{common common-m COUNT AWS#AWSManagedRulesCommonRuleSet#SizeRestrictions_BODY}]"},
		{"a count does not hide a block", acl(asIs), []named{largeBody, script}, false, "BLOCK [{common common-m COUNT AWS#AWSManagedRulesCommonRuleSet#SizeRestrictions_BODY} {common common-m BLOCK AWS#AWSManagedRulesCommonRuleSet#CrossSiteScripting_QUERYARGUMENTS}]"},
		{"a group that counts", acl(func(rule *aclRule) { rule.Action = actionCount }), []named{script}, false, "ALLOW [{common common-m COUNT AWS#AWSManagedRulesCommonRuleSet#CrossSiteScripting_QUERYARGUMENTS}]"},
		{"the first rule by priority decides", acl(asIs), []named{script, jndi}, true, "BLOCK [{bad bad-m BLOCK AWS#AWSManagedRulesKnownBadInputsRuleSet#Log4JRCE_HEADER}]"},
		{"above the rate", acl(asIs), nil, true, "BLOCK [{rate rate-m BLOCK }]"},
	} {
		t.Run(one.name, func(t *testing.T) {
			matched := map[named]bool{}
			for _, name := range one.matched {
				matched[name] = true
			}
			found := one.acl.judge(request{}, matched, func(aclRule) bool { return one.over })
			if got := fmt.Sprint(found.action, " ", found.matches); got != one.want {
				t.Fatalf("%s\nwant %s", got, one.want)
			}
		})
	}
}

func TestRate(t *testing.T) {
	rule := aclRule{Name: "rate", Limit: 10, Window: 60}
	all := newRates()
	start := time.Unix(1_000_000, 0)
	at := func(seconds int, source string) bool {
		return all.count("acl", rule, source, start.Add(time.Duration(seconds)*time.Second))
	}
	for range 11 {
		if at(1, "a") {
			t.Fatal("blocked before the first check")
		}
	}
	at(1, "b")
	if !at(10, "a") || at(10, "b") {
		t.Fatal("the check must block the source that is above the limit, and no other")
	}
	if !at(59, "a") {
		t.Fatal("let through within the window")
	}
	if at(70, "a") {
		t.Fatal("still blocked after the window")
	}
}

func TestExactlyTheLimitPasses(t *testing.T) {
	rule := aclRule{Name: "rate", Limit: 10, Window: 60}
	all := newRates()
	for range 10 {
		all.count("acl", rule, "a", time.Unix(1_000_000, 0))
	}
	if all.count("acl", rule, "a", time.Unix(1_000_010, 0)) {
		t.Fatal("blocked at the limit")
	}
}

func TestTheStatusOfABlock(t *testing.T) {
	always := func(aclRule) bool { return true }
	for status, want := range map[int]int{0: 403, 429: 429} {
		one := webACL{Default: "ALLOW", Rules: []aclRule{{Action: actionBlock, Limit: 10, Status: status}}}
		if got := one.judge(request{}, nil, always); got.status != want {
			t.Errorf("%d instead of %d", got.status, want)
		}
	}
}

func TestAReportHasNoSecrets(t *testing.T) {
	one := get("/predict", "", header{"authorization", "Bearer s3cret"}, header{"x-api-key", "s3cret"})
	text := fmt.Sprint(newReport("acl", verdict{}, one, time.Now()))
	if strings.Contains(text, "s3cret") || !strings.Contains(text, "x-api-key") {
		t.Error(text)
	}
}
