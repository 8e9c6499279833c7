import { tableContract } from "./contracts/table.ts";
import { createMemoryTable } from "./memory-table.ts";

tableContract("the memory table", () => ({ table: createMemoryTable() }));
