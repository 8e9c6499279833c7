import type { Call, Service } from "../gateway/call.ts";
import type { ObjectCreated } from "./bucket-events.ts";
import { createBucketOperations, createBuckets } from "./buckets.ts";
import { createListings } from "./listings.ts";
import { createMultipartUploads } from "./multipart.ts";
import type { ObjectStore } from "./object-store.ts";
import { createObjectOperations } from "./objects.ts";
import {
  operationOf,
  readS3Request,
  refuseUnhonouredHeaders,
  type S3Handlers,
  type S3Operation,
  unofferedRequest,
} from "./request.ts";
import { S3Error, sendS3Error, toS3Error } from "./s3-error.ts";

/**
 * S3's HTTP interface over the object store, as far as common clients use it for objects, versions, listings and
 * multipart uploads. What it does not offer is refused with 501, never taken for something else.
 */
export function createS3(deps: {
  readonly store: ObjectStore;
  readonly buckets: readonly { readonly name: string; readonly versioned: boolean }[];
  /** Called once the object is on disk; the answer does not wait for it. */
  readonly onCreated: (created: ObjectCreated) => void;
}): Service {
  const { store, onCreated } = deps;
  const buckets = createBuckets(deps.buckets);
  const handlers: S3Handlers<S3Operation> = {
    ...createBucketOperations(buckets),
    ...createListings(store),
    ...createObjectOperations({ store, buckets, onCreated }),
    ...createMultipartUploads({ store, buckets, onCreated }),
  };

  const serve = async (call: Call): Promise<void> => {
    const request = readS3Request(call, buckets.names);
    const operation = operationOf(request);
    const { method } = call.request;
    call.count(operation ?? `${method} not available`);
    if (request.bucket !== "" && operation !== "CreateBucket") buckets.require(request.bucket);
    if (operation === undefined) {
      const message = `The embedded cloud's S3 does not offer this request: ${unofferedRequest(request)}.`;
      throw new S3Error(501, "NotImplemented", message);
    }
    refuseUnhonouredHeaders(call.request);
    await handlers[operation](request);
  };

  return async (call) => {
    try {
      await serve(call);
    } catch (error) {
      const known = toS3Error(error);
      if (known === undefined) throw error;
      sendS3Error(call.request, call.response, known);
    }
  };
}
