import { buildPackage } from "./build.ts";
import { restoreManifest, writePackageManifest } from "./manifest.ts";

// An earlier run may have been cut off.
await restoreManifest();
await buildPackage();
await writePackageManifest();
