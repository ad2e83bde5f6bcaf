// The web application firewall of the sandbox's load balancer: HAProxy asks it about each request of a listener with a web ACL.
// Usage: waf-engine POLICY_FILE [ADDRESS]
package main

import (
	"encoding/json"
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"infer-deploy/sandbox/engine"
)

const (
	defaultAddress = "127.0.0.1:9010"
	// HAProxy checks the engine every second as long as a listener has a web ACL. Without a check nobody needs it.
	idleLimit = 15 * time.Second
)

func main() {
	// It listens before it reads the rules, so that a second engine ends quickly.
	listener := engine.Listen("waf-engine POLICY_FILE [ADDRESS]", 1, defaultAddress)
	one := &firewall{policies: watchPolicies(os.Args[1]), rates: newRates(), print: printLine}
	one.use.EndWhenIdle(idleLimit)
	for {
		connection, err := listener.Accept()
		engine.ExitOn(err)
		go one.serve(connection)
	}
}

type firewall struct {
	policies *atomic.Pointer[policies]
	rates    *rates
	print    func(report)
	use      engine.Use
}

// serve answers one connection of HAProxy until either side closes it.
func (e *firewall) serve(connection net.Conn) {
	defer connection.Close()
	for {
		e.use.Touch()
		asked, err := readFrame(connection)
		if err != nil {
			return
		}
		answer, more, err := e.answer(asked)
		if err != nil {
			return
		}
		if _, err := connection.Write(answer.bytes()); err != nil || !more {
			return
		}
	}
}

func (e *firewall) answer(asked frame) (frame, bool, error) {
	switch asked.kind {
	case frameHello:
		given, err := values(asked.payload)
		if err != nil {
			return frame{}, false, err
		}
		size, _ := given["max-frame-size"].(uint64)
		check, _ := given["healthcheck"].(bool)
		return agentHello(size), !check, nil
	case frameNotify:
		given, err := arguments(asked.payload)
		if err != nil {
			return frame{}, false, err
		}
		return ack(asked, map[string]string{"answer": e.judge(readRequest(given), time.Now())}), true, nil
	default:
		return agentClose(), false, nil
	}
}

// judge is the status that blocks the request, or "pass".
func (e *firewall) judge(one request, now time.Time) string {
	acl, ok := e.policies.Load().Listeners[one.listener]
	if !ok {
		return "pass"
	}
	over := func(rule aclRule) bool { return e.rates.count(acl.ARN, rule, one.source, now) }
	verdict := acl.judge(one, acl.inspector.matches(one), over)
	if len(verdict.matches) > 0 {
		e.print(newReport(acl.ARN, verdict, one, now))
	}
	if verdict.action == actionBlock {
		return strconv.Itoa(verdict.status)
	}
	return "pass"
}

// report is a line of the engine's output: a request that matched a rule. sandbox/src/controller/firewall/match-line.ts reads it.
type report struct {
	// At is in milliseconds since 1970.
	At      int64   `json:"at"`
	ACL     string  `json:"acl"`
	Action  string  `json:"action"`
	Matches []match `json:"matches"`
	Client  string  `json:"client"`
	Method  string  `json:"method"`
	// URI is the path alone, as in GetSampledRequests.
	URI string `json:"uri"`
	// Args is the query, for the web ACL's log.
	Args    string      `json:"args"`
	Version string      `json:"version"`
	Headers [][2]string `json:"headers"`
}

func newReport(acl string, verdict verdict, one request, now time.Time) report {
	headers := [][2]string{}
	for _, header := range one.headers[:min(len(one.headers), mostHeaders)] {
		value := "(not kept)"
		if harmless[header.name] {
			value = shorten(header.value)
		}
		headers = append(headers, [2]string{shorten(header.name), value})
	}
	return report{now.UnixMilli(), acl, verdict.action, verdict.matches, one.source, one.method, shorten(one.path), shorten(one.query), one.version, headers}
}

const mostHeaders = 30

// The values of other headers may be keys and passwords, and the output is a log. AWS keeps them in its samples.
var harmless = map[string]bool{"host": true, "user-agent": true, "content-type": true, "content-length": true, "accept": true}

// A line stays below the size up to which a pipe keeps it in one piece.
func shorten(text string) string {
	if len(text) > 200 {
		return text[:200]
	}
	return text
}

func printLine(line report) {
	text, err := json.Marshal(line)
	if err == nil {
		os.Stdout.Write(append(append([]byte("waf "), text...), '\n'))
	}
}
