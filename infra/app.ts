import { Annotations, App } from "aws-cdk-lib";
import { BulkSendStack } from "./bulk-send-stack.ts";
import { closeToOthers } from "./close-to-others.ts";
import { readSettings } from "./settings.ts";

const app = new App();
closeToOthers(app.outdir);
const { settings, problems } = readSettings(app.node.getAllContext());

// No command may continue under a wrong name: `destroy` would delete the default stack instead of the intended one.
const misnamed = problems.find(({ setting }) => setting === "stackName");
if (misnamed !== undefined) {
  console.error(misnamed.sentence);
  process.exit(1);
}

const stack = new BulkSendStack(app, "BulkSend", settings);
// As annotations rather than a failure: synth and deploy stop at them; bootstrap, ls and destroy need no other setting.
for (const { sentence } of problems) Annotations.of(stack).addError(sentence);
