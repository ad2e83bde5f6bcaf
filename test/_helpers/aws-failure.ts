/** An error as the AWS SDK throws it: its name is the code, and AWS's number for the request is in it. */
export function awsFailure(name: string, message: string, requestId = "r-1"): Error {
  return Object.assign(new Error(message), { name, $metadata: { requestId } });
}
