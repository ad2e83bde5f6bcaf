/** Undefined when the service answers that there is no such resource. */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && /NotFound|NoSuchEntity|NoSuchHostedZone/.test(error.name)) {
      return undefined;
    }
    throw error;
  }
}
