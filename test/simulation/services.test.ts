import { tableContract } from "../support/contracts/table.ts";
import { createSimTable } from "./table.ts";
import { createUndisturbedWorld } from "./undisturbed.ts";

tableContract("the simulation's table, in virtual time", () => {
  const { time, random, call, within } = createUndisturbedWorld();
  return { table: createSimTable({ time, random, observe: () => {} }).through(call, "machine"), within };
});
