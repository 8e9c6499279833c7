// Sends a list through what `bulk-send serve` is running here, and copies its report; with { stack, region } in place of
// { data }, through a stack on AWS.
import { connect } from "bulk-send";

const bulkSend = await connect({ data: process.env["BULK_SEND_DATA"] ?? ".bulk-send-simulator" });
try {
  const content = new TextEncoder().encode("phone,name\n+442079460001,Ann\n+442079460002,Bob\n12,Eve\n");
  const options = { message: "Hi {{name}}, we are open on Sunday.", snumber: "01632960000" };
  const { name, version } = await bulkSend.upload({ fileName: "sunday.csv", content }, { options });
  const ended = await bulkSend.wait(name, { version, signal: AbortSignal.timeout(600_000) });
  if (ended.kind === "complete") {
    const { counts } = ended.summary;
    console.log(`${name}: ${counts.submitted} submitted, ${counts.invalid} invalid, ${counts.unknown} unknown.`);
    const { files } = await bulkSend.report(name, `reports/${name}`);
    console.log(`reports/${name} has ${files.join(", ")}.`);
  } else {
    console.log(`${name} is ${ended.kind}: ${ended.reason}`);
    process.exitCode = 1;
  }
} finally {
  await bulkSend.close();
}
