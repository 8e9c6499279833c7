import * as z from "zod";
import { startTable } from "../aws/table-emulator.ts";
import { defineServer } from "./own-process.ts";

/** The emulated ledger in a process of its own. */
export const startLedger = defineServer(
  import.meta.url,
  "ledger",
  { input: z.null(), ready: z.object({ endpoint: z.string() }) },
  async () => {
    const { endpoint } = await startTable();
    return { endpoint };
  },
);
