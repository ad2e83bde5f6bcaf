package main

import (
	"net/netip"
	"strings"

	coreruleset "github.com/corazawaf/coraza-coreruleset/v4"
	"github.com/corazawaf/coraza/v3"
	"github.com/corazawaf/coraza/v3/types"
	"github.com/corazawaf/coraza/v3/types/variables"
)

// inspector finds attacks with the OWASP core rule set at its first paranoia level.
type inspector struct{ waf coraza.WAF }

// newInspector reads and compiles the rules that have a relative in one of these groups of AWS, which takes part of a second.
func newInspector(groups map[string]bool) (*inspector, error) {
	waf, err := coraza.NewWAF(coraza.NewWAFConfig().WithRootFS(coreruleset.FS).WithDirectives(directives(groups)))
	if err != nil {
		return nil, err
	}
	return &inspector{waf}, nil
}

// directives names the files of the core rule set that the groups need. The setup file keeps its defaults: paranoia level 1.
// Each file costs time for every request.
func directives(groups map[string]bool) string {
	lines := []string{
		"SecRuleEngine DetectionOnly",
		"SecRequestBodyAccess Off",
		"Include @crs-setup.conf.example",
		"Include @owasp_crs/REQUEST-901-INITIALIZATION.conf",
	}
	for _, file := range ruleFiles {
		for _, group := range file.groups {
			if groups[group] {
				lines = append(lines, "Include @owasp_crs/REQUEST-"+file.name+".conf")
				break
			}
		}
	}
	if groups[databaseRules] {
		lines = append(lines, sqlInPath)
	}
	// The rest of this file is about the protocol, which AWS's groups do not look at.
	return strings.Join(append(lines, "SecRuleRemoveById 920100-920439 920441-920999"), "\n")
}

// At its first level the core rule set looks for SQL in arguments and cookies only, and AWS in the path as well.
const sqlInPath = `SecRule REQUEST_BASENAME|REQUEST_FILENAME "@detectSQLi" "id:942998,phase:1,pass,t:none,t:urlDecodeUni"`

var ruleFiles = []struct {
	name   string
	groups []string
}{
	{"913-SCANNER-DETECTION", []string{commonRules}},
	{"920-PROTOCOL-ENFORCEMENT", []string{commonRules}},
	{"930-APPLICATION-ATTACK-LFI", []string{commonRules, badInputRules, linuxRules}},
	{"931-APPLICATION-ATTACK-RFI", []string{commonRules}},
	{"932-APPLICATION-ATTACK-RCE", []string{unixRules}},
	{"933-APPLICATION-ATTACK-PHP", []string{phpRules}},
	{"934-APPLICATION-ATTACK-GENERIC", []string{commonRules}},
	{"941-APPLICATION-ATTACK-XSS", []string{commonRules}},
	{"942-APPLICATION-ATTACK-SQLI", []string{databaseRules}},
	{"944-APPLICATION-ATTACK-JAVA", []string{badInputRules}},
}

// bodyKey is the name under which the body is inspected, as one text. A client's argument cannot have it, because the body's
// arguments are not parsed.
const bodyKey = "\x00body"

// matches are AWS's rules that the request matches.
func (i *inspector) matches(one request) map[named]bool {
	found := map[named]bool{}
	for _, rule := range plain(one) {
		found[rule] = true
	}
	transaction := i.waf.NewTransaction()
	defer transaction.Close()
	client := "127.0.0.1"
	if address, err := netip.ParseAddr(one.source); err == nil {
		client = address.String()
	}
	transaction.ProcessConnection(client, 0, "127.0.0.1", 80)
	transaction.ProcessURI(one.uri(), one.method, "HTTP/"+one.version)
	for _, header := range one.headers {
		transaction.AddRequestHeader(header.name, header.value)
	}
	transaction.ProcessRequestHeaders()
	if one.body != "" {
		transaction.AddPostRequestArgument(bodyKey, one.body)
	}
	// The rules of the second phase look at arguments, also without a body.
	if _, err := transaction.ProcessRequestBody(); err != nil {
		return found
	}
	for _, rule := range transaction.MatchedRules() {
		for _, where := range placesOf(rule, one) {
			for _, name := range namesOf(rule.Rule().ID(), where) {
				found[name] = true
			}
		}
	}
	return found
}

func placesOf(rule types.MatchedRule, one request) []place {
	var found []place
	for _, data := range rule.MatchedDatas() {
		// The later links of a chain only narrow what the first one found.
		if data.ChainLevel() > 0 {
			continue
		}
		if where, ok := placeOf(data, one); ok {
			found = append(found, where)
		}
	}
	return found
}

func placeOf(data types.MatchData, one request) (place, bool) {
	switch data.Variable() {
	case variables.RequestCookies, variables.RequestCookiesNames:
		return inCookie, true
	case variables.RequestHeaders, variables.RequestHeadersNames:
		if data.Key() == "cookie" {
			return inCookie, true
		}
		return inHeader, true
	case variables.RequestFilename, variables.RequestBasename:
		return inPath, true
	case variables.RequestURI, variables.RequestURIRaw, variables.RequestLine:
		// These rules look at path and query together. The arguments are a variable of their own, so what is left is the path.
		if strings.Contains(one.query, "..") && !strings.Contains(strings.ReplaceAll(one.path, "%2e", "."), "..") {
			return inQuery, true
		}
		return inPath, true
	case variables.QueryString, variables.ArgsGet, variables.ArgsGetNames:
		return inQuery, true
	case variables.Args, variables.ArgsNames, variables.ArgsPost, variables.ArgsPostNames:
		if strings.HasPrefix(data.Key(), bodyKey) || data.Value() == bodyKey {
			return inBody, data.Value() != bodyKey
		}
		return inQuery, true
	}
	return "", false
}
