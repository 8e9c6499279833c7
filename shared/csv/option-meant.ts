import { columnKey } from "./column-name.ts";

const says = (key: string) => `Did you mean "${key}"?`;
const sender = `The number that messages come from is "snumber".`;
const message = `The text is "message".`;
const column = (role: string) =>
  `A column is named in "columns", such as {"columns": {"${role}": "its name in the list"}}.`;

/** What people call options elsewhere, by the keys of their names, and what to write. */
const names: ReadonlyMap<string, string> = new Map([
  ...list(
    sender,
    "sender from senderid sendername sendernumber senderno originator source callerid fromnumber sourceaddress sendfrom",
  ),
  ...list(message, "text body sms content msg messagetext messagebody template smstext textmessage messages"),
  ...list(
    column("cnumber"),
    "to phone cnumber number mobile recipient recipients destination phonenumber phonecolumn numbercolumn cell msisdn tonumber mobilenumber telephone",
  ),
  ...list(column("message"), "textcolumn messagecolumn"),
  ...list(says("columns"), "column mapping fields map columnmapping"),
  ...list(says("country"), "region defaultcountry countrycode defaultregion locale"),
  ...list(says("encoding"), "charset codepage characterset fileencoding"),
  ...list(says("sendAfter"), "sendat schedule scheduledat start startat starttime notbefore date sendtime sendon"),
  ...list(says("sendBefore"), "end endat expires expiry deadline until notafter validuntil"),
  ...list(says("window"), "hours timewindow businesshours sendinghours quiethours timezone"),
  ...list(says("duplicates"), "dedupe deduplicate duplicate unique"),
  ...list(says("maxSegments"), "segments maxparts maxsms parts maxlength"),
  ...list(says("stopAfterFailures"), "maxfailures stoponfailure maxerrors failures"),
  ...list(says("numberFormat"), "format phoneformat"),
  ...list(says("stype"), "type sendertype"),
  ...list(says("customer"), "account customerid client"),
  ...list(
    `The delimiter is found by itself; a first line such as "sep=;" in the list settles it.`,
    "delimiter separator sep",
  ),
]);

function list(advice: string, keys: string): (readonly [string, string])[] {
  return keys.split(" ").map((key) => [key, advice] as const);
}

/** What to write in place of an option that does not exist, if its name is one that people use elsewhere. */
export const optionMeant = (name: string): string | undefined => names.get(columnKey(name).replace(/[^a-z]/g, ""));
