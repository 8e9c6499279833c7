// Judges a list as it would be sent, without sending anything: npx tsx check-a-list.ts spring.csv
import { check } from "bulk-send";

const [list = "spring.csv"] = process.argv.slice(2);
const judged = await check(list, {
  options: { message: "Hi {{name|there}}, we are open on Sunday." },
  settings: { snumber: "01632960000", country: "GB", sendsPerSecond: 5 },
});

if (judged.state === "refused") {
  console.log(`${judged.name} cannot be sent: ${judged.reason}`);
  process.exitCode = 1;
} else {
  console.log(`${judged.name}: ${judged.remaining} of ${judged.rows} rows would be sent, in ${judged.seconds} s.`);
  for (const { reason, count } of judged.problems) console.log(`${count} × ${reason}`);
}
