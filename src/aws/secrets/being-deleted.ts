/** Whether Secrets Manager refuses because the secret is scheduled for deletion: its code has other meanings, too. */
export function isBeingDeleted(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === "InvalidRequestException" &&
    error.message.includes("delet")
  );
}
