package main

import "strings"

// The rule groups of AWS Managed Rules that are modelled, and the rules of each in AWS's order
// (AWS WAF developer guide, "AWS Managed Rules rule groups list").
const (
	commonRules   = "AWSManagedRulesCommonRuleSet"
	badInputRules = "AWSManagedRulesKnownBadInputsRuleSet"
	databaseRules = "AWSManagedRulesSQLiRuleSet"
	linuxRules    = "AWSManagedRulesLinuxRuleSet"
	unixRules     = "AWSManagedRulesUnixRuleSet"
	phpRules      = "AWSManagedRulesPHPRuleSet"
)

var managedRules = map[string][]string{
	commonRules: {
		"NoUserAgent_HEADER", "UserAgent_BadBots_HEADER",
		"SizeRestrictions_QUERYSTRING", "SizeRestrictions_Cookie_HEADER", "SizeRestrictions_BODY", "SizeRestrictions_URIPATH",
		"EC2MetaDataSSRF_BODY", "EC2MetaDataSSRF_COOKIE", "EC2MetaDataSSRF_URIPATH", "EC2MetaDataSSRF_QUERYARGUMENTS",
		"GenericLFI_QUERYARGUMENTS", "GenericLFI_URIPATH", "GenericLFI_BODY",
		"RestrictedExtensions_URIPATH", "RestrictedExtensions_QUERYARGUMENTS",
		"GenericRFI_QUERYARGUMENTS", "GenericRFI_BODY", "GenericRFI_URIPATH",
		"CrossSiteScripting_COOKIE", "CrossSiteScripting_QUERYARGUMENTS", "CrossSiteScripting_BODY", "CrossSiteScripting_URIPATH",
	},
	badInputRules: {
		"JavaDeserializationRCE_HEADER", "JavaDeserializationRCE_BODY", "JavaDeserializationRCE_URIPATH", "JavaDeserializationRCE_QUERYSTRING",
		"PROPFIND_METHOD", "ExploitablePaths_URIPATH",
		"Log4JRCE_HEADER", "Log4JRCE_QUERYSTRING", "Log4JRCE_BODY", "Log4JRCE_URIPATH",
	},
	// The extended patterns are AWS's own, and nothing here matches them.
	databaseRules: {
		"SQLi_QUERYARGUMENTS", "SQLiExtendedPatterns_QUERYARGUMENTS", "SQLi_BODY", "SQLiExtendedPatterns_BODY",
		"SQLi_COOKIE", "SQLi_URIPATH",
	},
	linuxRules: {"LFI_URIPATH", "LFI_QUERYSTRING", "LFI_HEADER"},
	unixRules:  {"UNIXShellCommandsVariables_QUERYSTRING", "UNIXShellCommandsVariables_BODY", "UNIXShellCommandsVariables_HEADER"},
	phpRules:   {"PHPHighRiskMethodsVariables_HEADER", "PHPHighRiskMethodsVariables_QUERYSTRING", "PHPHighRiskMethodsVariables_BODY"},
}

// place is the part of a request in which a rule of the core rule set found something.
type place string

const (
	inPath   place = "URIPATH"
	inQuery  place = "QUERY"
	inCookie place = "COOKIE"
	inHeader place = "HEADER"
	inBody   place = "BODY"
)

// kin is a family of rules of the core rule set and the rules on AWS that look for the same.
type kin struct {
	// from and to are ids of the core rule set, both inclusive.
	from, to int
	group    string
	rule     string
	// query is AWS's word for the query in this family's rule names.
	query string
}

// The first families come first: an id belongs to every family that names it.
var families = []kin{
	{913100, 913100, commonRules, "UserAgent_BadBots", ""},
	{920440, 920440, commonRules, "RestrictedExtensions", "QUERYARGUMENTS"},
	{930100, 930120, commonRules, "GenericLFI", "QUERYARGUMENTS"},
	{930100, 930120, linuxRules, "LFI", "QUERYSTRING"},
	{930130, 930130, badInputRules, "ExploitablePaths", ""},
	{931100, 931199, commonRules, "GenericRFI", "QUERYARGUMENTS"},
	{932100, 932999, unixRules, "UNIXShellCommandsVariables", "QUERYSTRING"},
	{933100, 933999, phpRules, "PHPHighRiskMethodsVariables", "QUERYSTRING"},
	{934110, 934110, commonRules, "EC2MetaDataSSRF", "QUERYARGUMENTS"},
	{934190, 934190, commonRules, "EC2MetaDataSSRF", "QUERYARGUMENTS"},
	{941100, 941999, commonRules, "CrossSiteScripting", "QUERYARGUMENTS"},
	{942100, 942999, databaseRules, "SQLi", "QUERYARGUMENTS"},
	{944100, 944149, badInputRules, "JavaDeserializationRCE", "QUERYSTRING"},
	{944150, 944159, badInputRules, "Log4JRCE", "QUERYSTRING"},
	{944200, 944299, badInputRules, "JavaDeserializationRCE", "QUERYSTRING"},
}

// named is a rule of one of AWS's groups.
type named struct{ group, rule string }

// namesOf are AWS's rules for a match of the core rule set. AWS has no rule for some of its places, such as script in the
// User-Agent header: then there is none.
func namesOf(id int, where place) []named {
	var found []named
	for _, family := range families {
		if id < family.from || id > family.to {
			continue
		}
		suffix := string(where)
		if where == inQuery {
			suffix = family.query
		}
		one := named{family.group, family.rule + "_" + suffix}
		if known(one) {
			found = append(found, one)
		}
	}
	return found
}

func known(one named) bool {
	for _, rule := range managedRules[one.group] {
		if rule == one.rule {
			return true
		}
	}
	return false
}

// plain are the rules that compare sizes, methods and presence; the limits are AWS's.
func plain(one request) []named {
	cookies := 0
	for _, header := range one.headers {
		if header.name == "cookie" {
			cookies += len(header.value)
		}
	}
	checks := []struct {
		rule named
		hit  bool
	}{
		{named{commonRules, "NoUserAgent_HEADER"}, one.header("user-agent") == ""},
		{named{commonRules, "SizeRestrictions_QUERYSTRING"}, len(one.query) > 2048},
		{named{commonRules, "SizeRestrictions_Cookie_HEADER"}, cookies > 10_240},
		{named{commonRules, "SizeRestrictions_BODY"}, one.bodySize > bodyLimit || len(one.body) > bodyLimit},
		{named{commonRules, "SizeRestrictions_URIPATH"}, len(one.path) > 1024},
		{named{badInputRules, "PROPFIND_METHOD"}, strings.EqualFold(one.method, "PROPFIND")},
	}
	var found []named
	for _, check := range checks {
		if check.hit {
			found = append(found, check.rule)
		}
	}
	return found
}

const bodyLimit = 8192
