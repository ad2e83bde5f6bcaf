package terratest

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	http_helper "github.com/gruntwork-io/terratest/modules/http-helper"
	"github.com/stretchr/testify/require"
)

// answers are the bodies that a probe got, in order.
type answers []string

// probe asks the address every 50 ms until the returned function is called, or until the test ends. An answer other than 200 fails the test.
func probe(t *testing.T, ctx context.Context, url string) func() answers {
	t.Helper()
	stop := make(chan bool)
	end := sync.OnceFunc(func() { close(stop) })
	// Its channel drops what is not read at once, so it is read all the time.
	waiting, responses := http_helper.ContinuouslyCheckURLContext(t, ctx, url, stop, 50*time.Millisecond)
	t.Cleanup(func() {
		end()
		waiting.Wait()
	})
	collected := make(chan answers, 1)
	go func() {
		var got answers
		for response := range responses {
			if response.StatusCode == http.StatusOK {
				got = append(got, strings.TrimSpace(response.Body))
			}
		}
		collected <- got
	}()
	return func() answers {
		// Also what is answered just after the command has ended.
		time.Sleep(2 * time.Second)
		end()
		got := <-collected
		require.Greater(t, len(got), 20, "the probe's answers")
		t.Logf("%d answers", len(got))
		return got
	}
}

// bodies are the different answers, in the order of the alphabet.
func (a answers) bodies() []string {
	return slices.Compact(slices.Sorted(slices.Values(a)))
}

func (a answers) last() string { return a[len(a)-1] }
