package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// policies are the web ACLs of the load balancer's listeners, as the sandbox's controller writes them
// (sandbox/src/controller/firewall/policy.ts).
type policies struct {
	// Listeners has the name of HAProxy's frontend as its key.
	Listeners map[string]webACL `json:"listeners"`
}

type webACL struct {
	ARN string `json:"arn"`
	// Rules come in the order of their priority.
	Rules []aclRule `json:"rules"`
	// Default is BLOCK or ALLOW.
	Default   string `json:"default"`
	inspector *inspector
}

// aclRule is a managed rule group, a rule group of the account where Rules has any, or a rate-based rule where Limit is above zero.
type aclRule struct {
	Name   string `json:"name"`
	Metric string `json:"metric"`
	// Action is what a match does: BLOCK, ALLOW or COUNT. COUNT at a group overrides what its rules would do.
	Action string `json:"action"`
	Group  string `json:"group"`
	// Overrides has actions of single rules of the group.
	Overrides map[string]string `json:"overrides"`
	Limit     int               `json:"limit"`
	// Rules are those of a rule group of the account, in the order of their priority.
	Rules []ownRule `json:"rules"`
	// Window is in seconds.
	Window int `json:"window"`
	// Status is the answer to what a rate-based rule blocks; 0 for AWS's 403.
	Status int `json:"status"`
}

// match is a rule that a request matched, and what AWS WAF does about it.
type match struct {
	Rule   string `json:"rule"`
	Metric string `json:"metric"`
	Action string `json:"action"`
	// Inner is the rule within the group, in the form VENDOR#GROUP#RULE of GetSampledRequests.
	Inner string `json:"inner,omitempty"`
}

// verdict is BLOCK or ALLOW, and every match up to the rule that decided. The status is that of a blocked request.
type verdict struct {
	action  string
	status  int
	matches []match
}

const (
	actionBlock = "BLOCK"
	actionCount = "COUNT"
	forbidden   = 403
)

// judge evaluates the rules in order until one decides. `matched` are the request's rules of AWS's groups. `over` says whether the
// request's source is above a rate-based rule's limit.
func (acl webACL) judge(one request, matched map[named]bool, over func(aclRule) bool) verdict {
	var found []match
	for _, rule := range acl.Rules {
		base := match{Rule: rule.Name, Metric: rule.Metric, Action: rule.Action}
		if len(rule.Rules) > 0 {
			decided, status, matches := rule.judgeOwn(base, one)
			found = append(found, matches...)
			if decided != "" {
				return verdict{decided, cmp.Or(status, forbidden), found}
			}
			continue
		}
		if rule.Limit > 0 {
			if !over(rule) {
				continue
			}
			found = append(found, base)
			if rule.Action != actionCount {
				return verdict{rule.Action, cmp.Or(rule.Status, forbidden), found}
			}
			continue
		}
		decided, matches := rule.judgeGroup(base, matched)
		found = append(found, matches...)
		if decided != "" {
			return verdict{decided, forbidden, found}
		}
	}
	return verdict{acl.Default, forbidden, found}
}

// judgeGroup evaluates a group's rules until one decides; empty when none does, or when the group only counts.
func (rule aclRule) judgeGroup(base match, matched map[named]bool) (string, []match) {
	var found []match
	for _, name := range managedRules[rule.Group] {
		if !matched[named{rule.Group, name}] {
			continue
		}
		action := rule.Overrides[name]
		if action == "" {
			action = actionBlock
		}
		one := base
		one.Inner = "AWS#" + rule.Group + "#" + name
		one.Action = action
		decides := action != actionCount
		if decides && rule.Action == actionCount {
			one.Action = actionCount
		}
		found = append(found, one)
		if decides {
			if rule.Action == actionCount {
				return "", found
			}
			return action, found
		}
	}
	return "", found
}

// watchPolicies reads the file now and whenever it changes. A file that cannot be read leaves the last policies in force.
func watchPolicies(path string) *atomic.Pointer[policies] {
	current := &atomic.Pointer[policies]{}
	current.Store(&policies{})
	inspectors := map[string]*inspector{}
	var last time.Time
	look := func() {
		info, err := os.Stat(path)
		if err != nil || info.ModTime().Equal(last) {
			return
		}
		next, err := readPolicies(path, inspectors)
		if err != nil {
			fmt.Fprintln(os.Stderr, "waf-engine:", path, err)
		} else {
			current.Store(next)
		}
		last = info.ModTime()
	}
	look()
	go func() {
		for range time.Tick(policyPeriod) {
			look()
		}
	}()
	return current
}

// readPolicies also compiles the rules that the web ACLs need; `inspectors` keeps those of earlier reads.
func readPolicies(path string, inspectors map[string]*inspector) (*policies, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	read := &policies{}
	if err := json.Unmarshal(text, read); err != nil {
		return nil, err
	}
	for name, acl := range read.Listeners {
		groups := map[string]bool{}
		for _, rule := range acl.Rules {
			groups[rule.Group] = true
		}
		key := directives(groups)
		if inspectors[key] == nil {
			if inspectors[key], err = newInspector(groups); err != nil {
				return nil, err
			}
		}
		acl.inspector = inspectors[key]
		read.Listeners[name] = acl
	}
	return read, nil
}

const policyPeriod = 200 * time.Millisecond
