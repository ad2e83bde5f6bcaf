package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Above every code of gRPC: an answer of the target that is not one, or none.
const (
	grpcOffset = 200
	noAnswer   = 599
	// Longer than a target group's longest timeout, after which HAProxy gives up by itself.
	longestCheck = 125 * time.Second
)

// The address of a server of HAProxy, by the names of its backend and its own.
type finder func(backend, server string) (string, error)

// Answers HAProxy's check with the target's status, or with 200 and its code of gRPC added.
func newChecker(find finder) http.HandlerFunc {
	return func(answer http.ResponseWriter, request *http.Request) {
		head := request.Header
		if head.Get("X-Backend") == "" {
			answer.WriteHeader(http.StatusOK)
			return
		}
		address, err := find(head.Get("X-Backend"), head.Get("X-Server"))
		if err != nil {
			answer.WriteHeader(noAnswer)
			return
		}
		if port := head.Get("X-Port"); port != "" {
			host, _, _ := net.SplitHostPort(address)
			address = net.JoinHostPort(host, port)
		}
		status, err := check(request, address, head.Get("X-Path"), head.Get("X-Protocol") == "GRPC")
		if err != nil {
			status = noAnswer
		}
		answer.WriteHeader(status)
	}
}

func check(request *http.Request, address, path string, call bool) (int, error) {
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: &protocols, DisableKeepAlives: true, DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: longestCheck, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	method, body := http.MethodGet, []byte(nil)
	if call {
		// One message of no bytes.
		method, body = http.MethodPost, []byte{0, 0, 0, 0, 0}
	}
	asked, err := http.NewRequestWithContext(request.Context(), method, "http://"+address+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	asked.Header.Set("User-Agent", "ELB-HealthChecker/2.0")
	if call {
		asked.Header.Set("Content-Type", "application/grpc")
		asked.Header.Set("Te", "trailers")
	}
	got, err := client.Do(asked)
	if err != nil {
		return 0, err
	}
	defer got.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(got.Body, 1<<20)); err != nil {
		return 0, err
	}
	if !call {
		return got.StatusCode, nil
	}
	// A call that failed at once has its code in the headers.
	code, err := strconv.Atoi(got.Trailer.Get("Grpc-Status") + got.Header.Get("Grpc-Status"))
	if err != nil || got.StatusCode != http.StatusOK || code < 0 || code > 99 {
		return noAnswer, nil
	}
	return grpcOffset + code, nil
}

// Asks HAProxy's runtime API, whose columns have names in a line that begins with "# ".
func findServer(socket string) finder {
	return func(backend, server string) (string, error) {
		connection, err := net.DialTimeout("unix", socket, time.Second)
		if err != nil {
			return "", err
		}
		defer connection.Close()
		_ = connection.SetDeadline(time.Now().Add(2 * time.Second))
		if _, err := fmt.Fprintf(connection, "show servers state %s\n", backend); err != nil {
			return "", err
		}
		text, err := io.ReadAll(connection)
		if err != nil {
			return "", err
		}
		return addressIn(string(text), server)
	}
}

func addressIn(text, server string) (string, error) {
	var names []string
	for line := range strings.Lines(text) {
		if words, isHead := strings.CutPrefix(line, "# "); isHead {
			names = strings.Fields(words)
			continue
		}
		row := map[string]string{}
		for index, value := range strings.Fields(line) {
			if index < len(names) {
				row[names[index]] = value
			}
		}
		if row["srv_name"] == server && server != "" {
			return net.JoinHostPort(row["srv_addr"], row["srv_port"]), nil
		}
	}
	return "", fmt.Errorf("HAProxy has no server %s", server)
}
