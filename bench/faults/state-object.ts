import { DeleteObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import type { Project } from "../../test/_helpers/project.ts";
import { openStackBucket } from "../../test/_helpers/stack-bucket.ts";
import { nameStack, stateBucketName } from "../../src/stack/names.ts";
import { madeStack } from "./made-stack.ts";

/** Deletes Terraform's state, as a person does in S3's console: the versioned bucket keeps it behind a marker. */
export async function deleteState(project: Project): Promise<void> {
  const { aws } = await openStackBucket(project, madeStack);
  await (await aws.s3()).send(new DeleteObjectCommand(state));
}

/** What the error's next step says: takes the marker away. */
export async function restoreState(project: Project): Promise<void> {
  const { aws } = await openStackBucket(project, madeStack);
  const s3 = await aws.s3();
  const { Bucket, Key } = state;
  const found = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
  const VersionId = found.DeleteMarkers?.find(({ IsLatest }) => IsLatest === true)?.VersionId;
  await s3.send(new DeleteObjectCommand({ ...state, VersionId }));
}

const state = {
  Bucket: stateBucketName("123456789012", madeStack.region),
  Key: `${nameStack(madeStack.name, "production", madeStack.region).state_prefix}/terraform.tfstate`,
};
