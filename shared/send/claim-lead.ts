/** How long before its first slot a batch is claimed. */
export interface ClaimLead {
  /** In milliseconds, from what recent claims took. */
  ms(): number;
  /** From asking for its slots to the first of them, in milliseconds: time to get them, and then the lead. */
  fromAskingMs(): number;
  /** A batch was claimed and looked at again, which took `ms`. */
  took(ms: number): void;
}

/**
 * From 100 milliseconds, late enough that the claim says something, to 400: what is claimed and not yet called is in doubt
 * after a crash.
 */
const leadMs = { least: 100, most: 400 } as const;

/** What the ledger's answer to the asking may take. */
const answerMs = 100;

/** Claims take longer at times: half as long again as usual is still on time. */
const allowance = 1.5;

/**
 * The lead of one environment's claims. On a machine that is busy with something else, a claim may take longer than a batch is
 * sent for: with a fixed lead all of its rows would miss their slots, each time again, and the claims for nothing would make
 * the machine busier.
 */
export function createClaimLead(): ClaimLead {
  let usualMs = 0;
  const ms = () => Math.min(leadMs.most, Math.max(leadMs.least, allowance * usualMs));
  return {
    ms,
    fromAskingMs: () => answerMs + ms(),
    took: (ms) => {
      // A recent high, which falls slowly; one that took far too long says little about the next.
      usualMs = Math.max(Math.min(ms, leadMs.most), 0.95 * usualMs);
    },
  };
}
