import { App } from "aws-cdk-lib";
import { BulkSendStack } from "./bulk-send-stack.ts";
import { closeToOthers } from "./close-to-others.ts";
import { readSettings } from "./settings.ts";

const app = new App();
closeToOthers(app.outdir);
const context: { readonly [name: string]: unknown } = app.node.getAllContext();

// No command may continue under a wrong name: `destroy` would delete the default stack instead of the intended one.
const misnamed = readSettings(context).problems.find(({ setting }) => setting === "stackName");
if (misnamed !== undefined) {
  console.error(misnamed.sentence);
  process.exit(1);
}

// The CDK's command line says where it would deploy.
new BulkSendStack(app, "BulkSend", { settings: context, likelyRegion: process.env["CDK_DEFAULT_REGION"] });
