/**
 * Whether a line of an access log is about one of our own health checks: those of the agent, of the load balancer, and of other programs that ask for
 * the health path. An error about the path is none, because it may be what the reader looks for. The agent's docker.py does the same
 * for the lines that a failed release prints.
 */
export function createOwnChecks(path: string): (message: string) => boolean {
  const request = new RegExp(
    String.raw`\b(?:GET|HEAD)\s+"?${escaped(path)}(?:\?\S*)?"?(?:\s+HTTP/|\s+\d{3}\b|\s*$)`,
  );
  return (message) => request.test(message) || /ELB-HealthChecker|infer-deploy-agent/.test(message);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
