package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A target that speaks HTTP/2 without TLS only, and the checker's status for a check of it.
func statusOf(t *testing.T, target http.HandlerFunc, head map[string]string) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Handler: target, Protocols: &protocols}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	for name, value := range map[string]string{"X-Backend": "b", "X-Server": "s", "X-Path": "/a.B/C", "X-Protocol": "GRPC"} {
		request.Header.Set(name, value)
	}
	for name, value := range head {
		request.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	newChecker(func(string, string) (string, error) { return listener.Addr().String(), nil })(answer, request)
	return answer.Code
}

func grpcServer(code string, inHeaders bool) http.HandlerFunc {
	return func(answer http.ResponseWriter, request *http.Request) {
		body := make([]byte, 6)
		size, _ := request.Body.Read(body)
		if request.Method != http.MethodPost || request.URL.Path != "/a.B/C" || request.Header.Get("Content-Type") != "application/grpc" || size != 5 {
			answer.WriteHeader(http.StatusBadRequest)
			return
		}
		name := http.TrailerPrefix + "Grpc-Status"
		if inHeaders {
			name = "Grpc-Status"
		}
		answer.Header().Set(name, code)
		if !inHeaders {
			_, _ = answer.Write([]byte{0, 0, 0, 0, 2, 8, 1})
		}
	}
}

func TestCodesOfCalls(t *testing.T) {
	for _, one := range []struct {
		code      string
		inHeaders bool
		want      int
	}{{"0", false, 200}, {"12", true, 212}, {"14", false, 214}, {"", true, noAnswer}} {
		if got := statusOf(t, grpcServer(one.code, one.inHeaders), nil); got != one.want {
			t.Errorf("code %q, in headers %v: %d instead of %d", one.code, one.inHeaders, got, one.want)
		}
	}
}

func TestRequestsInHTTP2(t *testing.T) {
	target := func(answer http.ResponseWriter, request *http.Request) {
		if request.ProtoMajor != 2 {
			t.Errorf("asked in %s", request.Proto)
		}
		answer.WriteHeader(http.StatusTeapot)
	}
	if got := statusOf(t, target, map[string]string{"X-Protocol": "HTTP2"}); got != http.StatusTeapot {
		t.Errorf("%d", got)
	}
}

func TestATargetThatIsNotThere(t *testing.T) {
	if got := statusOf(t, grpcServer("0", false), map[string]string{"X-Port": "1"}); got != noAnswer {
		t.Errorf("%d", got)
	}
}

func TestServersOfHAProxy(t *testing.T) {
	text := "1\n# be_id be_name srv_id srv_name srv_addr srv_port\n3 b 1 i-1.8000 172.17.0.4 8000\n3 b 2 i-2.8000 172.17.0.5 8000\n\n"
	if got, err := addressIn(text, "i-2.8000"); err != nil || got != "172.17.0.5:8000" {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := addressIn(text, "i-3.8000"); err == nil {
		t.Error("found")
	}
}
