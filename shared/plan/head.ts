import * as z from "zod";
import { readJson } from "../read-json.ts";

/** Something about a list that a person should look at: it was read in one way of several, or looks like an oversight. */
export const ListWarning = z.object({
  /** Which kind it is, for programs: `encoding-guessed`, `hidden-rows` … */
  code: z.string(),
  /** One or two sentences for a person: what was noticed, and what to do if that is not what was meant. */
  text: z.string(),
  /** How many rows or cells it concerns. */
  count: z.number().optional(),
  /** The first lines, as a spreadsheet numbers them. */
  lines: z.array(z.number()).optional(),
  /** Cells or texts that show what is meant, shortened. */
  examples: z.array(z.string()).optional(),
});
export type ListWarning = z.infer<typeof ListWarning>;

/** Why some rows are not sent. */
const PlannedProblem = z.object({
  status: z.enum(["invalid", "skipped"]),
  reason: z.string(),
  count: z.number(),
  rows: z.array(z.number()),
  /** The lines in which a spreadsheet shows those rows; absent from plans of older versions. */
  lines: z.array(z.number()).optional(),
  examples: z.array(z.string()),
});

const Distribution = z.record(z.string(), z.number());

/** What somebody who approves a campaign sees of what it will send. */
export const Preview = z.object({
  /** Messages and segments by country (ISO code), most messages first; `""` where the country cannot be told. */
  countries: z.array(z.object({ country: z.string(), messages: z.number(), segments: z.number() })),
  /** The first messages as they will read. */
  messages: z.array(
    z.object({
      row: z.number(),
      line: z.number(),
      cnumber: z.string(),
      message: z.string(),
      snumber: z.string(),
      segments: z.number(),
    }),
  ),
  /**
   * Whom the suppression lists leave out, as they were when the figures were counted: those people are in none of the figures above.
   * Absent from plans of older versions, whose figures have them.
   */
  left: z
    .object({
      /** By which it is known whether the lists have changed since. */
      lists: z.string(),
      /** Epoch milliseconds. */
      at: z.number(),
      /** The rows left out; absent where there are none. */
      problem: PlannedProblem.optional(),
      /** Of the others, how many take how many segments. */
      distribution: Distribution,
      /** How many of the others are in each of the campaign's zone groups; only where hours are by the recipients' clocks. */
      zones: z.array(z.number()).optional(),
      /** Why the campaign would be paused at once. */
      warnings: z.array(ListWarning),
    })
    .optional(),
});
export type Preview = z.infer<typeof Preview>;

/** What the report has to know about the file as a whole, written once beside the plan (`work/<name>/<run>/head.json`). */
export const PlanHead = z.object({
  header: z.array(z.string()),
  /** Which of them (from 0) has the numbers; absent from plans of older versions. */
  numberColumn: z.int().nonnegative().optional(),
  /** Three cells with characters that depend on a guessed encoding. */
  samples: z.array(z.string()),
  segments: z.object({ total: z.number(), distribution: Distribution }),
  /** Sendable rows whose text needs UCS-2, and the characters that cause it; missing in plans of older versions. */
  unicode: z
    .object({ rows: z.number(), causes: z.array(z.object({ character: z.string(), rows: z.number() })) })
    .optional(),
  /** The sendable rows by country, "" for those that cannot be told; only where the stack has prices. */
  countries: z.record(z.string(), z.object({ messages: z.number(), segments: z.number() })).optional(),
  /** The sendable rows by their recipients' zones; only where hours are by the recipients' clocks. */
  zones: z.array(z.object({ zones: z.array(z.string()), rows: z.number() })).optional(),
  /** Sendable rows under whose text the stack's footer was put; absent where there are none, and from plans of older versions. */
  footed: z.int().positive().optional(),
  /** What a person should look at; absent from plans of older versions. */
  warnings: z.array(ListWarning).optional(),
  /** For approval; absent where none is needed. */
  preview: Preview.optional(),
  /** Why rows are invalid or skipped, bounded. */
  problems: z.array(PlannedProblem),
});
export type PlanHead = z.infer<typeof PlanHead>;

/**
 * The format of `head.json` and of the lines of `rows/`, which only the report reads. 1 were flat heads without a number. A
 * version that does not know a format finds no head in it, and so writes no report by lines that it would misread: raise
 * the number whenever either changes so that an older version would.
 */
const headVersion = 2;

const StoredHead = z.union([
  z.object({ v: z.literal(headVersion), head: PlanHead }).transform(({ head }) => head),
  PlanHead,
]);

/** A plan's head as it is stored. */
export const headText = (head: PlanHead): string => JSON.stringify({ v: headVersion, head });

/** Reads what `headText` wrote, in this version or an older one; `undefined` for any other format. */
export const readHead = (text: string): PlanHead | undefined => StoredHead.safeParse(readJson(text)).data;
