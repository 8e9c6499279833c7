import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AssetHashType, DockerImage } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";

const root = fileURLToPath(new URL("../", import.meta.url));
const bundle = fileURLToPath(new URL("./bundle.ts", import.meta.url));

/**
 * The code of a function: the bundle of its handler's source file, and next to it the files in `beside` under their
 * names. It is built at synth in a separate process, because the CDK cannot await; not at all where bundling is off.
 */
export function functionCode(entry: string, beside: { readonly [name: string]: string }): Code {
  return Code.fromAsset(root, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Required by the CDK, but only used when `tryBundle` gives up, which it never does.
      image: DockerImage.fromRegistry("none"),
      // The CDK caches what it has bundled; this tells one function from another.
      command: [entry, ...Object.values(beside)],
      local: {
        tryBundle: (directory) => {
          execFileSync(process.execPath, [bundle, entry, directory], { stdio: ["ignore", "inherit", "inherit"] });
          for (const [name, file] of Object.entries(beside)) copyFileSync(file, join(directory, name));
          return true;
        },
      },
    },
  });
}
