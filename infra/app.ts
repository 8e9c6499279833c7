import { Annotations, App } from "aws-cdk-lib";
import { BulkSendStack } from "./bulk-send-stack.ts";
import { readSettings } from "./settings.ts";

const app = new App();
const { settings, problems } = readSettings(app.node.getAllContext());
const stack = new BulkSendStack(app, "BulkSend", settings);
// As annotations, and not as a failure: synth and deploy stop at them; bootstrap, ls and destroy do not need settings.
for (const problem of problems) Annotations.of(stack).addError(problem);
