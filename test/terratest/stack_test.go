// Package terratest tests the stack of the Python example from outside: what bare terraform, the AWS SDK and a client of the address see of it.
package terratest

import (
	"encoding/json"
	"testing"

	"github.com/gruntwork-io/terratest/modules/terraform"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStack(t *testing.T) {
	ctx := t.Context()
	p := openProject(t)
	var up struct {
		URL string `json:"url"`
	}
	args := append([]string{"--yes", "--json"}, p.buildArgs...)
	require.NoError(t, json.Unmarshal([]byte(p.run(t, ctx, "up", args...)), &up))
	options := p.render(t, ctx)
	terraform.InitContext(t, ctx, options)
	outputs := terraform.OutputAllContext(t, ctx, options)

	t.Run("network shape", func(t *testing.T) { checkNetwork(t, region(t, ctx), outputs) })
	t.Run("security groups", func(t *testing.T) { checkSecurityGroups(t, region(t, ctx), outputs) })
	t.Run("listener and target groups", func(t *testing.T) { checkLoadBalancer(t, region(t, ctx), outputs) })

	t.Run("idempotence", func(t *testing.T) {
		assert.Equal(t, 0, terraform.PlanExitCodeContext(t, ctx, options), "a plan after up has changes")
		terraform.ApplyAndIdempotentContext(t, ctx, options)
	})

	t.Run("redeploy of the infrastructure under the probe", func(t *testing.T) {
		p.configure(t, "interval: 5s", "interval: 6s")
		p.configure(t, "team: search", "team: ranking")
		changed := p.render(t, ctx)
		probed := probe(t, ctx, up.URL)
		terraform.ApplyAndIdempotentContext(t, ctx, changed)
		answers := probed()
		assert.Equal(t, []string{"Hello"}, answers.bodies(), "the answers during the apply")
		// It finds nothing to change, and records what bare terraform has applied: a release wants to know.
		p.run(t, ctx, "up", args...)
	})

	t.Run("redeploy of the app under the probe", func(t *testing.T) {
		p.configure(t, "GREETING: Hello", "GREETING: Welcome")
		probed := probe(t, ctx, up.URL)
		p.run(t, ctx, "release", append([]string{"--version", "v2", "--yes"}, p.buildArgs...)...)
		answers := probed()
		assert.Equal(t, []string{"Hello", "Welcome"}, answers.bodies(), "the answers during the release")
		assert.Equal(t, "Welcome", answers.last(), "the last answer")
		assert.Equal(t, 0, terraform.PlanExitCodeContext(t, ctx, options), "a plan after a release has changes")
	})

	t.Run("nothing is left", func(t *testing.T) {
		p.run(t, ctx, "destroy", "--yes")
		checkGone(t, region(t, ctx), outputs)
	})
}
