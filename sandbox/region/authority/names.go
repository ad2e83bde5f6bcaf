package main

import (
	"encoding/json"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// publicNames is the public DNS of the region, as the controller knows it.
type publicNames struct {
	// Host name to IPv4 addresses.
	Addresses map[string][]string `json:"addresses"`
	// Host name to the values of its TXT records.
	Texts map[string][]string `json:"texts"`
	Zones []string            `json:"zones"`
}

// serveNames answers by FILE at one address: over TCP, as Pebble asks, and over UDP, as the machines do for which this is the VPC's resolver.
func serveNames(file string, listener net.Listener, packets net.PacketConn) error {
	handler := dns.HandlerFunc(func(writer dns.ResponseWriter, asked *dns.Msg) {
		_ = writer.WriteMsg(answerName(func() publicNames { return readNames(file) }, asked))
	})
	failed := make(chan error, 2)
	go func() { failed <- (&dns.Server{Listener: listener, Handler: handler}).ActivateAndServe() }()
	go func() { failed <- (&dns.Server{PacketConn: packets, Handler: handler}).ActivateAndServe() }()
	return <-failed
}

// answerName knows A, TXT and SOA records. A name that has none of them does not exist.
func answerName(read func() publicNames, asked *dns.Msg) *dns.Msg {
	answer := new(dns.Msg).SetReply(asked)
	if len(asked.Question) != 1 {
		return answer.SetRcode(asked, dns.RcodeFormatError)
	}
	question := asked.Question[0]
	name := strings.ToLower(strings.TrimSuffix(question.Name, "."))
	names := read()
	if question.Qtype == dns.TypeTXT {
		names = awaitText(read, name)
	}
	records, known := recordsOf(names, name, question)
	if !known {
		return answer.SetRcode(asked, dns.RcodeNameError)
	}
	answer.Answer = records
	return answer
}

// awaitText waits for a record that the controller has not seen yet. Route53 says of each change at once that its servers know it.
func awaitText(read func() publicNames, name string) publicNames {
	names := read()
	for end := time.Now().Add(textWait); len(names.Texts[name]) == 0 && time.Now().Before(end); names = read() {
		time.Sleep(textWait / 20)
	}
	return names
}

func recordsOf(names publicNames, name string, question dns.Question) ([]dns.RR, bool) {
	header := dns.RR_Header{Name: question.Name, Rrtype: question.Qtype, Class: dns.ClassINET}
	addresses, hasAddress := names.Addresses[name]
	texts, hasText := names.Texts[name]
	isZone := slices.Contains(names.Zones, name)
	var records []dns.RR
	switch {
	case question.Qtype == dns.TypeA:
		for _, address := range addresses {
			records = append(records, &dns.A{Hdr: header, A: net.ParseIP(address)})
		}
	case question.Qtype == dns.TypeTXT:
		for _, text := range texts {
			records = append(records, &dns.TXT{Hdr: header, Txt: []string{text}})
		}
	case question.Qtype == dns.TypeSOA && isZone:
		records = append(records, &dns.SOA{Hdr: header, Ns: "ns-1.awsdns-01.org.", Mbox: "awsdns-hostmaster.amazon.com.", Refresh: 7200, Retry: 900, Expire: 1209600, Minttl: 86400})
	}
	return records, hasAddress || hasText || isZone
}

// readNames reads the file for each question: it is small, and a changed record counts at once.
func readNames(file string) publicNames {
	var names publicNames
	if text, err := os.ReadFile(file); err == nil {
		_ = json.Unmarshal(text, &names)
	}
	return names
}

// The controller looks about once a second.
const textWait = 4 * time.Second
