import { bucketContract } from "./contracts/bucket.ts";
import { createMemoryBucket } from "./memory-bucket.ts";

bucketContract("the memory bucket", () => ({ bucket: createMemoryBucket() }));
