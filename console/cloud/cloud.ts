import type { AccountStore } from "../../shared/account/account-store.ts";
import type { Approvals } from "../../shared/campaign/approvals.ts";
import type { Campaigns } from "../../shared/campaign/campaigns.ts";
import type { Batches } from "../../shared/ledger/batches.ts";
import type { ListedObject } from "../../shared/ports/bucket.ts";
import type { Enqueue } from "../../shared/ports/queue.ts";

/** Why a call came to nothing: no connection, keys that have ended, or something that the person may not do. */
export type Trouble = "offline" | "signed-out" | "not-allowed" | "failed";

/** A call that came to nothing; `cause` is what the SDK said. */
export class CloudError extends Error {
  readonly trouble: Trouble;
  constructor(trouble: Trouble, options: { readonly cause: unknown }) {
    super(trouble, options);
    this.trouble = trouble;
  }
}

/** Makes a call once more, with new keys, when the keys had ended and there are new ones. */
export type WithNewKeys = <Result>(call: () => Promise<Result>) => Promise<Result>;

/** Something to store. */
export interface Storing {
  readonly key: string;
  readonly body: Blob;
  readonly contentType: string;
  /** Store nothing where an object of that key is already. */
  readonly onlyNew?: boolean;
  /** Told how many bytes are on their way. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** What became of it; `version` as S3 names it. */
export type Stored = { readonly kind: "stored"; readonly version: string } | { readonly kind: "taken" };

/** The bucket, as the page uses it. Every method throws a `CloudError`. */
export interface Objects {
  /** The text of a small object; `undefined` when there is none. */
  text(key: string): Promise<string | undefined>;
  /** A whole object, which the browser keeps on disk if it is large; `undefined` when there is none. */
  download(key: string): Promise<Blob | undefined>;
  store(storing: Storing): Promise<Stored>;
  /** Everything under a prefix, in pages as S3 gives them. */
  pages(prefix: string): AsyncIterable<readonly ListedObject[]>;
}

/** What operators and approvers use besides. Every method throws a `CloudError`. */
export interface Ledger {
  readonly campaigns: Campaigns;
  readonly account: AccountStore;
  readonly approvals: Pick<Approvals, "give">;
  readonly batches: Pick<Batches, "between">;
  readonly nudge: Enqueue;
}

/** The stack's services, for one person. */
export interface Cloud {
  readonly objects: Objects;
  /** Loaded when it is first asked for. */
  ledger(): Promise<Ledger>;
}
