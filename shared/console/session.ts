import * as z from "zod";

/** What somebody may do: each is a managed policy of the stack. */
export const Role = z.enum(["uploader", "reader", "operator", "approver"]);
export type Role = z.infer<typeof Role>;

/** What signing in gives: who somebody is, what the page offers, and the keys by which the services decide. */
export const Session = z.object({
  /** How the page names the person. */
  person: z.string().min(1),
  /** What the page offers; whether it is allowed is decided by the credentials alone. */
  roles: z.array(Role),
  /** The value of the person's principal tag (`personTag`), which uploads must carry as object tag. */
  tag: z.string().min(1).optional(),
  credentials: z.object({
    accessKeyId: z.string().min(1),
    secretAccessKey: z.string().min(1),
    sessionToken: z.string().min(1).optional(),
    /** Epoch milliseconds; absent: as long as the local cloud runs. */
    expiresAt: z.number().optional(),
  }),
});
export type Session = z.infer<typeof Session>;
