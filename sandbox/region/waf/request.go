package main

import "strings"

// request is what HAProxy sends of one HTTP request.
type request struct {
	// listener is the name of HAProxy's frontend.
	listener, source, method, path, query, version string
	headers                                        []header
	// body is at most the first 8,192 bytes, which is what AWS WAF inspects at an Application Load Balancer.
	body string
	// bodySize is the length of the whole body in bytes, as far as it is known.
	bodySize uint64
}

type header struct{ name, value string }

func readRequest(arguments map[string]any) request {
	text := func(name string) string { value, _ := arguments[name].(string); return value }
	size, _ := arguments["size"].(uint64)
	return request{
		listener: text("listener"),
		source:   text("source"),
		method:   text("method"),
		path:     text("path"),
		query:    text("query"),
		version:  text("version"),
		headers:  readHeaders(text("headers")),
		body:     text("body"),
		bodySize: size,
	}
}

// readHeaders reads HAProxy's req.hdrs: one header a line, the last line empty.
func readHeaders(text string) []header {
	var found []header
	for _, line := range strings.Split(text, "\r\n") {
		if name, value, ok := strings.Cut(line, ":"); ok {
			found = append(found, header{strings.ToLower(name), strings.TrimSpace(value)})
		}
	}
	return found
}

// header is the first value of a header; empty without one.
func (r request) header(name string) string {
	for _, one := range r.headers {
		if one.name == name {
			return one.value
		}
	}
	return ""
}

func (r request) uri() string {
	if r.query == "" {
		return r.path
	}
	return r.path + "?" + r.query
}
