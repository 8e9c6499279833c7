import { GetObjectTaggingCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { TagOf } from "../ports/object-tags.ts";

/** The tags of a bucket's objects, as S3 keeps them. */
export const createObjectTags =
  (client: S3Client, bucketName: string): TagOf =>
  async (key, version, tag) => {
    try {
      const { TagSet = [] } = await client.send(
        new GetObjectTaggingCommand({ Bucket: bucketName, Key: key, VersionId: version }),
      );
      return TagSet.find(({ Key }) => Key === tag)?.Value;
    } catch (error) {
      // 405 is the version of a delete marker.
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      if (status === 404 || status === 405) return undefined;
      throw error;
    }
  };
