import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AssetHashType, DockerImage } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";

const root = fileURLToPath(new URL("../", import.meta.url));
const bundle = fileURLToPath(new URL("./bundle.ts", import.meta.url));

/**
 * The code of a function: the bundle of its handler's source file, and beside it the files of `beside` under those
 * names. Made at synth in a process of its own, as the CDK cannot wait; not made where bundling is switched off.
 */
export function functionCode(entry: string, beside: { readonly [name: string]: string }): Code {
  return Code.fromAsset(root, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // The CDK asks for one, though it is used only when `tryBundle` gives up, which it never does.
      image: DockerImage.fromRegistry("none"),
      // By this the CDK's memory of what it bundled already tells one function from another.
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
