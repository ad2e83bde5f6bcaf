package terratest

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/gruntwork-io/terratest/modules/logger"
	"github.com/gruntwork-io/terratest/modules/shell"
	"github.com/gruntwork-io/terratest/modules/terraform"
	"github.com/stretchr/testify/require"
)

// project is a user's folder with the sample server, and the local region that it is deployed to.
type project struct {
	folder    string
	sandbox   string
	buildArgs []string
	// cli is node and the built command line.
	cli []string
}

// openProject reads what bench/audit/terratest.ts sets: it starts the region and names it here, next to the variables that lead terraform and the SDK there.
func openProject(t *testing.T) project {
	t.Helper()
	made := os.Getenv("INFER_DEPLOY_TERRATEST")
	if made == "" {
		t.Skip("npm run audit -- --only terratest starts the region and this test")
	}
	var found struct {
		Folder    string   `json:"folder"`
		Sandbox   string   `json:"sandbox"`
		BuildArgs []string `json:"buildArgs"`
		CLI       []string `json:"cli"`
	}
	require.NoError(t, json.Unmarshal([]byte(made), &found))
	return project{folder: found.Folder, sandbox: found.Sandbox, buildArgs: found.BuildArgs, cli: found.CLI}
}

// run runs a verb in the region and returns its standard output. It fails the test on another exit code than 0.
func (p project) run(t *testing.T, ctx context.Context, verb string, args ...string) string {
	t.Helper()
	words := append(append([]string{}, p.cli[1:]...), verb, "--sandbox", p.sandbox)
	return shell.RunCommandContextAndGetStdOut(t, ctx, &shell.Command{
		Command:    p.cli[0],
		Args:       append(words, args...),
		WorkingDir: p.folder,
		Logger:     logger.Default,
	})
}

// configure replaces a text of infer-deploy.yml.
func (p project) configure(t *testing.T, before, after string) {
	t.Helper()
	path := filepath.Join(p.folder, "infer-deploy.yml")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), before)
	require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(text), before, after)), 0o600))
}

// render writes the folder of the stack and returns how bare terraform runs there.
func (p project) render(t *testing.T, ctx context.Context) *terraform.Options {
	t.Helper()
	folder := filepath.Join(p.folder, "rendered")
	p.run(t, ctx, "render", "--out", folder, "--quiet")
	return &terraform.Options{TerraformDir: folder, TerraformBinary: "terraform", NoColor: true}
}

// region is the SDK's configuration, whose endpoint is the local region.
func region(t *testing.T, ctx context.Context) aws.Config {
	t.Helper()
	loaded, err := config.LoadDefaultConfig(ctx)
	require.NoError(t, err)
	return loaded
}
