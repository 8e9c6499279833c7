import { readUploadKey } from "../campaign/name.ts";
import { type CheckDeps, writeCheck } from "./check-upload.ts";
import { findUpload, hasChanged } from "./find-upload.ts";
import { type AnnouncedUpload, type Looked, type SplitDeps, splitUpload } from "./split-upload.ts";
import type { Announcement } from "./upload-message.ts";

/** Looks at what was uploaded, by its key: a campaign is planned, a check is written, anything else is refused. */
export async function lookAtUpload(
  deps: SplitDeps & CheckDeps,
  { key, version, by, at }: Announcement,
  message: Pick<AnnouncedUpload, "receiveCount" | "deadline">,
): Promise<Looked> {
  const upload = readUploadKey(key);
  switch (upload.kind) {
    case "nothing":
      return { kind: "over" };
    case "refused": {
      const { name, reason } = upload;
      const seen = await deps.campaigns.read(name, { consistent: true });
      if (seen === undefined) await deps.refuse({ name, judged: key, by, reason }, seen);
      return { kind: "over" };
    }
    case "check":
      return check(deps, { name: upload.name, key, by, at, ...message }, version);
    case "options":
      return upload.of === "check"
        ? check(deps, { name: upload.name, key, by, at, ...message })
        : splitUpload(deps, { name: upload.name, key, by, at, ...message });
    case "campaign":
      return splitUpload(deps, { name: upload.name, key, by, at, ...message });
    default:
      return upload satisfies never;
  }
}

async function check(deps: CheckDeps, announced: AnnouncedUpload, version?: string): Promise<Looked> {
  const found = await findUpload(deps.bucket, "check", announced.name, announced.key);
  const [csv] = found.lists;
  // Another version has a message of its own: how often this one was received says nothing about that.
  const receiveCount = version === undefined || version === csv?.version ? announced.receiveCount : 1;
  if (csv === undefined) return { kind: "over" };
  await writeCheck(deps, { ...announced, csv, options: found.options, receiveCount });
  // What came meanwhile has been judged by another execution, and this may have replaced what that one wrote.
  const changed = await hasChanged(deps.bucket, "check", announced.name, announced.key, found);
  return { kind: changed ? "again" : "over" };
}
