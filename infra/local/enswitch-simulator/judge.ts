import type { Parameters } from "./parameters.ts";

/** One entry of a verdict. */
export interface Answer {
  readonly code: number;
  readonly key: string;
  readonly message: string;
}

/** The Enswitch that is being played: one user, what it may do and what it owns. */
export interface Account {
  readonly username: string;
  readonly password: string;
  /** Whether the user's role may send messages; otherwise 402. */
  readonly privileged: boolean;
  /** Numbers the user owns (`stype` ""); any, when absent. */
  readonly numbers?: readonly string[];
  /** Telephone lines the user owns (`stype` "phone"); any, when absent. */
  readonly phoneLines?: readonly string[];
  /** Ids the user may send as; any, when absent. */
  readonly customers?: readonly string[];
  /** Beginnings of destinations, without "+", that the rate plan does not allow: 403. */
  readonly forbiddenPrefixes: readonly string[];
}

const ok: Answer = { code: 204, key: "", message: "OK" };
const invalid = (key: string, message: string): Answer => ({ code: 400, key, message });

/** The verdict on a call: who asks, what they may, what they ask for, and whether their rate plan has it, in this order. */
export function judge(parameters: Parameters, account: Account): Answer {
  const { values, malformed } = parameters;
  if (!credentialsRight(parameters, account)) {
    return { code: 401, key: "", message: "Invalid authentication details" };
  }
  if (!account.privileged) return { code: 402, key: "", message: "Your role does not allow this" };
  const [unreadable] = malformed;
  if (unreadable !== undefined) return invalid(unreadable, "Parameter is malformed");
  for (const name of ["cnumber", "message", "snumber"]) {
    if ((values.get(name) ?? "") === "") return invalid(name, "Required parameter is missing");
  }
  const cnumber = values.get("cnumber") ?? "";
  if (!/^\+?\d+$/.test(cnumber)) return invalid("cnumber", "Invalid destination");
  return (
    judgeSender(values, account) ??
    judgeFiles(values) ??
    (account.forbiddenPrefixes.some((prefix) => cnumber.replace("+", "").startsWith(prefix))
      ? { code: 403, key: "", message: "Your rate plan does not allow this" }
      : ok)
  );
}

/** Whether username and password are the account's. */
export const credentialsRight = ({ values }: Parameters, account: Account): boolean =>
  values.get("auth_username") === account.username && values.get("auth_password") === account.password;

function judgeSender(values: ReadonlyMap<string, string>, account: Account): Answer | undefined {
  const stype = values.get("stype") ?? "";
  if (stype !== "" && stype !== "phone") return invalid("stype", "Invalid sender type");
  const customer = values.get("customer");
  if (customer !== undefined && !(/^\d+$/.test(customer) && owns(account.customers, customer))) {
    return invalid("customer", "Unknown customer");
  }
  return owns(stype === "phone" ? account.phoneLines : account.numbers, values.get("snumber") ?? "")
    ? undefined
    : invalid("snumber", stype === "phone" ? "Not your telephone line" : "Not your number");
}

const owns = (list: readonly string[] | undefined, item: string) => list === undefined || list.includes(item);

function judgeFiles(values: ReadonlyMap<string, string>): Answer | undefined {
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
