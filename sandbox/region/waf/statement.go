package main

import (
	"encoding/base64"
	"strings"
)

// ownRule is a rule of a rule group of the account.
type ownRule struct {
	Name string `json:"name"`
	// Action is BLOCK, ALLOW or COUNT.
	Action string `json:"action"`
	// Status is the answer to what the rule blocks; 0 for AWS's 403.
	Status    int       `json:"status"`
	Statement statement `json:"statement"`
}

// statement is one of: the negation of another, several others of which all or one must match, the exact value of a header, or everything.
type statement struct {
	Not *statement  `json:"not"`
	And []statement `json:"and"`
	Or  []statement `json:"or"`
	// Header is a name in lower case.
	Header string `json:"header"`
	// Equals is in base64, because AWS WAF compares bytes.
	Equals string `json:"equals"`
	Always bool   `json:"always"`
}

func (s statement) matches(one request) bool {
	switch {
	case s.Always:
		return true
	case s.Not != nil:
		return !s.Not.matches(one)
	case len(s.And) > 0:
		for _, part := range s.And {
			if !part.matches(one) {
				return false
			}
		}
		return true
	case len(s.Or) > 0:
		for _, part := range s.Or {
			if part.matches(one) {
				return true
			}
		}
		return false
	case s.Header != "":
		wanted, err := base64.StdEncoding.DecodeString(s.Equals)
		value, ok := one.wholeHeader(s.Header)
		return err == nil && ok && value == string(wanted)
	}
	return false
}

// wholeHeader is the header with all its values, in the form of RFC 9110: separated by commas.
func (r request) wholeHeader(name string) (string, bool) {
	var values []string
	for _, one := range r.headers {
		if one.name == name {
			values = append(values, one.value)
		}
	}
	return strings.Join(values, ","), len(values) > 0
}

// judgeOwn evaluates a rule group of the account until a rule decides; empty when none does, or when the group only counts.
func (rule aclRule) judgeOwn(base match, one request) (string, int, []match) {
	var found []match
	for _, own := range rule.Rules {
		if !own.Statement.matches(one) {
			continue
		}
		this := base
		this.Inner = own.Name
		this.Action = own.Action
		decides := own.Action != actionCount
		if decides && rule.Action == actionCount {
			this.Action = actionCount
		}
		found = append(found, this)
		if decides && rule.Action == actionCount {
			return "", 0, found
		}
		if decides {
			return own.Action, own.Status, found
		}
	}
	return "", 0, found
}
