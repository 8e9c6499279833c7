import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AssetHashType, DockerImage, type FingerprintOptions, Stack, Stage } from "aws-cdk-lib";
import { AssetCode, type Code, type CodeConfig } from "aws-cdk-lib/aws-lambda";
import { Asset, type AssetOptions } from "aws-cdk-lib/aws-s3-assets";
import type { Construct } from "constructs";
import { deployedCode } from "./local/installation.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const bundle = fileURLToPath(new URL("./bundle.ts", import.meta.url));
const buildPage = fileURLToPath(new URL("./build-page.ts", import.meta.url));

/**
 * The permissions of a bundle, whatever the umask: Lambda runs as a user of its own, who must be able to read the files,
 * and nobody else on this machine may replace what is deployed. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
 */
const modes = { file: 0o644, directory: 0o755 } as const;

/** Part of the hash, which does not see permissions: what was published with others is published again. */
const marker = `files ${modes.file.toString(8)}, directories ${modes.directory.toString(8)}`;

/**
 * The code of a function: the bundle of its handler's source file, and next to it the files in `beside` under their
 * names and, where a folder `page` is named, the console's page in that. It is built at synth in a separate process, because the CDK cannot await, or copied from the package; not at all where bundling is off.
 */
export const functionCode = (entry: string, beside: { readonly [name: string]: string }, page?: string): Code =>
  new BundledCode(root, optionsFor(entry, beside, page));

class BundledCode extends AssetCode {
  /** An asset that was staged earlier is taken as it lies there, so that only now its permissions are known to be right. */
  override bind(scope: Construct): CodeConfig {
    const config = super.bind(scope);
    const asset = scope.node.children.find((child) => child instanceof Asset);
    // Without bundling, the asset is the source itself.
    if (asset === undefined || !Stack.of(scope).bundlingRequired) return config;
    setModes(resolve(Stage.of(scope)?.outdir ?? "", asset.assetPath));
    return config;
  }
}

function optionsFor(
  entry: string,
  beside: { readonly [name: string]: string },
  page: string | undefined,
): AssetOptions & Pick<FingerprintOptions, "extraHash"> {
  return {
    assetHashType: AssetHashType.OUTPUT,
    extraHash: marker,
    bundling: {
      // Required by the CDK, but only used when `tryBundle` gives up, which it never does.
      image: DockerImage.fromRegistry("none"),
      // The CDK caches what it has bundled; this tells one function from another.
      command: [entry, ...Object.values(beside), ...(page === undefined ? [] : [page])],
      local: {
        tryBundle: (directory) => {
          // The CDK makes it writable for everybody, for the sake of containers.
          chmodSync(directory, modes.directory);
          build(entry, directory, page);
          for (const [name, file] of Object.entries(beside)) copyFileSync(file, join(directory, name));
          setModes(directory);
          return true;
        },
      },
    },
  };
}

/** Builds a bundle and, where a folder is named for it, the page; in a package both are there. */
function build(entry: string, directory: string, page: string | undefined): void {
  if (deployedCode === undefined) {
    run(bundle, entry, directory);
    if (page !== undefined) run(buildPage, join(directory, page));
    return;
  }
  cpSync(join(deployedCode, "functions", basename(entry, ".ts")), directory, { recursive: true });
  if (page !== undefined) cpSync(join(deployedCode, "page"), join(directory, page), { recursive: true });
}

const run = (script: string, ...words: readonly string[]) =>
  execFileSync(process.execPath, [script, ...words], { stdio: ["ignore", "inherit", "inherit"] });

/** Gives a directory, and everything in it, the permissions of a bundle. */
function setModes(directory: string): void {
  chmodSync(directory, modes.directory);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) setModes(path);
    else chmodSync(path, modes.file);
  }
}
