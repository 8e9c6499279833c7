import { restoreManifest } from "./manifest.ts";

await restoreManifest();
