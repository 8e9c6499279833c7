import { readUploadKey } from "../campaign/name.ts";
import { type CheckDeps, writeCheck } from "./check-upload.ts";
import { findUpload } from "./find-upload.ts";
import { type Looked, type SplitDeps, splitUpload } from "./split-upload.ts";
import type { Announcement } from "./upload-message.ts";

/** Looks at what was uploaded, by its key: a campaign is planned, a check is written, anything else is refused. */
export async function lookAtUpload(deps: SplitDeps & CheckDeps, { key, by }: Announcement): Promise<Looked> {
  const upload = readUploadKey(key);
  switch (upload.kind) {
    case "nothing":
      return "over";
    case "refused": {
      const { name, reason } = upload;
      const seen = await deps.campaigns.read(name, { consistent: true });
      if (seen === undefined) await deps.refuse({ name, judged: key, by, reason }, seen);
      return "over";
    }
    case "check":
      return check(deps, { name: upload.name, key, by });
    case "options":
      return upload.of === "check"
        ? check(deps, { name: upload.name, key, by })
        : splitUpload(deps, { name: upload.name, key, by });
    case "campaign":
      return splitUpload(deps, { name: upload.name, key, by });
    default:
      return upload satisfies never;
  }
}

async function check(
  deps: CheckDeps,
  { name, key, by }: { readonly name: string; readonly key: string; readonly by: string },
): Promise<Looked> {
  const { lists, options } = await findUpload(deps.bucket, "check", name, key);
  const [csv] = lists;
  if (csv !== undefined) await writeCheck(deps, { name, csv, options, by });
  return "over";
}
