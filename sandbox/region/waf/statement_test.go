package main

import (
	"encoding/base64"
	"encoding/json"
	"testing"
)

func TestAKeyIsComparedExactly(t *testing.T) {
	for name, one := range map[string]struct {
		headers []header
		want    int
	}{
		"none":                    {nil, 401},
		"the first":               {[]header{{"x-api-key", "Abc*"}}, 0},
		"the second":              {[]header{{"x-api-key", "second"}}, 0},
		"in lower case":           {[]header{{"x-api-key", "abc*"}}, 401},
		"what a wildcard matches": {[]header{{"x-api-key", "Abcd"}}, 401},
		"a part":                  {[]header{{"x-api-key", "secon"}}, 401},
		"more":                    {[]header{{"x-api-key", "second2"}}, 401},
		"both":                    {[]header{{"x-api-key", "Abc*"}, {"x-api-key", "second"}}, 401},
		"in another header":       {[]header{{"authorization", "second"}}, 401},
	} {
		found := keysACL(t, actionBlock, "Abc*", "second").judge(get("/", "", one.headers...), nil, nil)
		if (one.want == 401) != (found.action == actionBlock) || (one.want == 401 && found.status != 401) {
			t.Errorf("%s: %s %d", name, found.action, found.status)
		}
	}
}

func TestWithoutKeysNothingPasses(t *testing.T) {
	found := keysACL(t, actionBlock).judge(get("/", "", header{"x-api-key", ""}), nil, nil)
	if found.action != actionBlock || found.status != 401 {
		t.Errorf("%s %d", found.action, found.status)
	}
}

func TestAGroupThatOnlyCounts(t *testing.T) {
	found := keysACL(t, actionCount, "key").judge(get("/", ""), nil, nil)
	if found.action != "ALLOW" || len(found.matches) != 1 || found.matches[0].Action != actionCount || found.matches[0].Inner != "key" {
		t.Errorf("%+v", found)
	}
}

func keysACL(t *testing.T, action string, keys ...string) webACL {
	parts := []map[string]string{}
	for _, key := range keys {
		parts = append(parts, map[string]string{"header": "x-api-key", "equals": base64.StdEncoding.EncodeToString([]byte(key))})
	}
	statement := map[string]any{"not": map[string]any{"or": parts}}
	if len(keys) == 0 {
		statement = map[string]any{"always": true}
	}
	text, _ := json.Marshal(map[string]any{"default": "ALLOW", "rules": []any{
		map[string]any{"name": "keys", "action": action, "rules": []any{
			map[string]any{"name": "key", "action": "BLOCK", "status": 401, "statement": statement},
		}},
	}})
	var acl webACL
	if err := json.Unmarshal(text, &acl); err != nil {
		t.Fatal(err)
	}
	return acl
}
