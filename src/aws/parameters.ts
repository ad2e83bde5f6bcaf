import { GetParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";

type Ssm = Pick<SSMClient, "send">;

/** The parameter's value; undefined when there is no such parameter. Throws the SDK's own errors. */
export async function readParameter(ssm: Ssm, name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
    throw error;
  }
}

/** Replaces the value of a parameter. Throws the SDK's own errors. */
export async function writeParameter(ssm: Ssm, name: string, value: string): Promise<void> {
  await ssm.send(new PutParameterCommand({ Name: name, Value: value, Overwrite: true }));
}
