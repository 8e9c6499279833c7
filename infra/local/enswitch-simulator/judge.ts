import type { Parameters } from "./parameters.ts";

/** One entry of Enswitch's `responses`. */
export interface ReplyEntry {
  readonly code: number;
  readonly key: string;
  readonly message: string;
}

/** The one user of the simulated Enswitch, what it may do and what it owns. */
export interface EnswitchUser {
  readonly username: string;
  readonly password: string;
  /** Whether the user's role may send messages; otherwise 402. */
  readonly privileged: boolean;
  /** Whether the user's role may list texts; otherwise 402. */
  readonly mayReadTexts: boolean;
  /** Numbers the user owns (`stype` ""); any if absent. */
  readonly numbers?: readonly string[];
  /** Telephone lines the user owns (`stype` "phone"); any if absent. */
  readonly phoneLines?: readonly string[];
  /** Customers the user may send as; any if absent. */
  readonly customers?: readonly string[];
  /** Prefixes of destinations, without "+", that the rate plan does not allow: 403. */
  readonly forbiddenPrefixes: readonly string[];
}

const ok: ReplyEntry = { code: 204, key: "", message: "OK" };
const invalid = (key: string, message: string): ReplyEntry => ({ code: 400, key, message });

/** Judges a call: the credentials, the privilege, the parameters, and the rate plan, in this order. */
export function judge(parameters: Parameters, user: EnswitchUser): ReplyEntry {
  const { values, malformed } = parameters;
  if (!credentialsRight(parameters, user)) return { code: 401, key: "", message: "Invalid authentication details" };
  if (!user.privileged) return { code: 402, key: "", message: "Your role does not allow this" };
  const [unreadable] = malformed;
  if (unreadable !== undefined) return invalid(unreadable, "Parameter is malformed");
  for (const name of ["cnumber", "message", "snumber"]) {
    if ((values.get(name) ?? "") === "") return invalid(name, "Required parameter is missing");
  }
  const cnumber = values.get("cnumber") ?? "";
  if (!/^\+?\d+$/.test(cnumber)) return invalid("cnumber", "Invalid destination");
  return (
    judgeSender(values, user) ??
    judgeFiles(values) ??
    (user.forbiddenPrefixes.some((prefix) => cnumber.replace("+", "").startsWith(prefix))
      ? { code: 403, key: "", message: "Your rate plan does not allow this" }
      : ok)
  );
}

/** Whether the username and the password are the user's. */
export const credentialsRight = ({ values }: Parameters, user: EnswitchUser): boolean =>
  values.get("auth_username") === user.username && values.get("auth_password") === user.password;

function judgeSender(values: ReadonlyMap<string, string>, user: EnswitchUser): ReplyEntry | undefined {
  const stype = values.get("stype") ?? "";
  if (stype !== "" && stype !== "phone") return invalid("stype", "Invalid sender type");
  const customer = values.get("customer");
  if (customer !== undefined && !(/^\d+$/.test(customer) && owns(user.customers, customer))) {
    return invalid("customer", "Unknown customer");
  }
  return owns(stype === "phone" ? user.phoneLines : user.numbers, values.get("snumber") ?? "")
    ? undefined
    : invalid("snumber", stype === "phone" ? "Not your telephone line" : "Not your number");
}

const owns = (list: readonly string[] | undefined, item: string) => list === undefined || list.includes(item);

function judgeFiles(values: ReadonlyMap<string, string>): ReplyEntry | undefined {
  const named = [...values.keys()].filter((name) => /^(file|filename)\d+$/.test(name));
  const count = new Set(named.map((name) => name.replace(/\D+/, ""))).size;
  for (let number = 1; number <= count; number++) {
    const content = values.get(`file${number}`);
    if ((values.get(`filename${number}`) ?? "") === "") return invalid(`filename${number}`, "File has no name");
    if (content === undefined) return invalid(`file${number}`, "File has no data");
    if (!isBase64(content)) return invalid(`file${number}`, "File is not base64 encoded");
  }
  return undefined;
}

const isBase64 = (text: string) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
