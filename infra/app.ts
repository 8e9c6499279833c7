import { Annotations, App } from "aws-cdk-lib";
import { BulkSendStack } from "./bulk-send-stack.ts";
import { readSettings } from "./settings.ts";

const app = new App();
const { settings, problems } = readSettings(app.node.getAllContext());

// Under a wrong name no command may go on: `destroy` would take the default stack for the one that was meant.
const misnamed = problems.find(({ setting }) => setting === "stackName");
if (misnamed !== undefined) {
  console.error(misnamed.sentence);
  process.exit(1);
}

const stack = new BulkSendStack(app, "BulkSend", settings);
// As annotations, and not as a failure: synth and deploy stop at them; bootstrap, ls and destroy need no other setting.
for (const { sentence } of problems) Annotations.of(stack).addError(sentence);
