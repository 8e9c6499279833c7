import { App } from "aws-cdk-lib";
import { BulkSendStack } from "./bulk-send-stack.ts";
import { closeToOthers } from "./close-to-others.ts";
import { readSettings, settingsAmong } from "./settings.ts";

const app = new App();
closeToOthers(app.outdir);
const settings = settingsAmong(app.node.getAllContext());

// No command may continue under a wrong name: `destroy` would delete the default stack instead of the intended one.
const misnamed = readSettings(settings).problems.find(({ setting }) => setting === "stackName");
if (misnamed !== undefined) {
  console.error(misnamed.sentence);
  process.exit(1);
}

// The CDK's command line says where it would deploy.
new BulkSendStack(app, "BulkSend", { settings, likelyRegion: process.env["CDK_DEFAULT_REGION"] });
