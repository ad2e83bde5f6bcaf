package main

import (
	"encoding/json"
	"net"
	"os"
	"strings"

	"github.com/miekg/dns"
)

// serveNames answers for the names of FILE, an object of name and IPv4 addresses, over TCP, as Pebble asks.
func serveNames(file string, listener net.Listener) error {
	server := &dns.Server{Listener: listener, Handler: dns.HandlerFunc(func(writer dns.ResponseWriter, asked *dns.Msg) {
		_ = writer.WriteMsg(answerName(readNames(file), asked))
	})}
	return server.ActivateAndServe()
}

// answerName knows A records only. A name that is not in `names` does not exist.
func answerName(names map[string][]string, asked *dns.Msg) *dns.Msg {
	answer := new(dns.Msg).SetReply(asked)
	if len(asked.Question) != 1 {
		return answer.SetRcode(asked, dns.RcodeFormatError)
	}
	question := asked.Question[0]
	addresses, known := names[strings.ToLower(strings.TrimSuffix(question.Name, "."))]
	if !known {
		return answer.SetRcode(asked, dns.RcodeNameError)
	}
	if question.Qtype != dns.TypeA {
		return answer
	}
	header := dns.RR_Header{Name: question.Name, Rrtype: dns.TypeA, Class: dns.ClassINET}
	for _, address := range addresses {
		answer.Answer = append(answer.Answer, &dns.A{Hdr: header, A: net.ParseIP(address)})
	}
	return answer
}

// readNames reads the file for each question: it is small, and a changed record counts at once.
func readNames(file string) map[string][]string {
	names := map[string][]string{}
	if text, err := os.ReadFile(file); err == nil {
		_ = json.Unmarshal(text, &names)
	}
	return names
}
