import { planOf } from "../numbering-plan.ts";
import { quoted } from "../shorten.ts";
import { meaningByName } from "./column-meaning.ts";
import { columnKey, wordKey } from "./column-name.ts";
import { countryNamed } from "./country-names.ts";
import { plainName } from "./decorated-name.ts";
import { createFirstCells, type FirstCells } from "./first-cells.ts";
import type { Header } from "./header-faults.ts";
import type { Warnings } from "./warnings.ts";

/** The column that a list's numbers are in although its name is not one of the agreed ones, or what to say about several. */
export type LikelyNumberColumn =
  | { readonly kind: "column"; readonly at: number }
  | { readonly kind: "several"; readonly reason: string }
  | { readonly kind: "none" };

const words = (text: string) => text.split(/\s+/).map(wordKey);

/** Names that say "mobile number" in the languages of Europe, as `wordKey` gives them. */
const mobileNames = new Set(
  words(`mobile mobilenumber mobilephone mobilephonenumber mobileno mobilenum mobiletelephone mobiletel mobiletelno mob mobno
  cell cellphone cellnumber cellphonenumber cellno cellular cellularphone gsm gsmnumber gsmnummer smsnumber smsphone smsphonenumber
  handy handynummer handynr mobil mobilnummer mobilnr mobiltelefon mobiltelefonnummer mobilfunk mobilfunknummer mobilrufnummer natel
  portable telportable telephoneportable telephonemobile telmobile numeroportable nportable ndeportable nmobile nmovil nmobil numeromobile numerodeportable numerodemobile
  movil celular telefonomovil telefonocelular nodemovil nodecelular numeromovil numerodemovil numerocelular telemovel numerodetelemovel telefonecelular
  cellulare numerocellulare telefonocellulare telefonomobile numerodicellulare mobiel mobielnummer mobielenummer mobieltelefoonnummer
  mobiltlf mobilnr mobiltelefonnummer mobilnummer matkapuhelin matkapuhelinnumero kannykka komorka komorkowy telefonkomorkowy numerkomorkowy
  mobilni mobilnitelefon mobilnicislo mobilnetelefonnecislo mobiltelefon mobilszam telefonmobil numarmobil ceptelefonu cep мобильный мобильныйтелефон
  κινητο κινητοτηλεφωνο nomorhp nohp hp nomorponsel nomorhandphone sốdiđộng sđtdiđộng 手机 手机号 手机号码 手機 手機號碼 行動電話 移动电话
  携帯 携帯電話 携帯番号 携帯電話番号 휴대폰 휴대폰번호 휴대전화 휴대전화번호 핸드폰 핸드폰번호 נייד טלפוןנייד מספרנייד الجوال جوال رقمالجوال موبايل رقمالموبايل
  المحمول มือถือ เบอร์มือถือ मोबाइल मोबाइलनंबर`),
);

/** Names that say "telephone number". */
const phoneNames = new Set(
  words(`phone phonenumber phoneno phonenum phonenr phonenumbers telephone telephonenumber telephoneno tel telno telnumber telnr contactnumber
  contactno contactphone telefon telefonnummer telefonnr rufnummer telephonenumero ndetelephone nodetelephone ntelephone ntel numerodetelephone numerotelephone numtel telefono
  numerodetelefono nodetelefono ntelefono notelefono numerotelefono numeroditelefono telefone numerodetelefone telefoon telefoonnummer tlf tlfnr puhelin puhelinnumero
  numertelefonu nrtelefonu nrtel telefonnicislo telefonnecislo telefonszam numardetelefon telefonszama телефон номертелефона τηλεφωνο nomortelepon notelepon telepon sốđiệnthoại sđt điệnthoại 电话 电话号码 電話 電話號碼 電話番号 電話番號
  联系电话 전화 전화번호 연락처 טלפון מספרטלפון الهاتف هاتف رقمالهاتف โทรศัพท์ เบอร์โทร เบอร์โทรศัพท์ फोन फ़ोन`),
);

const chatNames = new Set(words("whatsapp whatsappnumber whatsappno whatsappnummer whatsappphone viber"));

/** How well a name says "number for texts": 1 mobile, 2 telephone, 3 a messenger's; undefined for other names. */
const rankOf = (name = ""): number | undefined => {
  const key = wordKey(name);
  return mobileNames.has(key) ? 1 : phoneNames.has(key) ? 2 : chatNames.has(key) ? 3 : undefined;
};

/** Whether a name says, in any language known here, that a column holds phone numbers. */
export const isNumberName = (name: string): boolean => rankOf(name) !== undefined || decoratedRank(name) !== undefined;

/** Words behind a number's name by which it is somebody else's, a machine's, or none to send to. */
const notToBeTexted =
  /fax|telecop|pager|telex|emergenc|notfall|urgence|nextofkin|assist|secretar|sekret|landline|festnetz|^(?:fixe?|fijo|fisso|vaste?|alte?|old|type?|label|status|date|ext|other)$|ancien|former|previous|wrong|invalid|backup|alternat|secondary|carrier|(?:do?nt?o?t?|not?)(?:use|call|text)|^dn[cd]$|parent|guardian|spouse|partner|manager|mother|father|eltern|mutter|vater/;

const isNotToBeTexted = (remarks: readonly string[]) => remarks.some((remark) => notToBeTexted.test(wordKey(remark)));

/** The same as `rankOf` for a known name with numbering, brackets, marks or a question around it, or several such names in one. */
function decoratedRank(written: string): number | undefined {
  const { name, remarks } = plainName(written);
  if (isNotToBeTexted(remarks) || remarks.some((remark) => valueWord.test(remark.trim()))) return undefined;
  const names = name.split(/\s*[/|&,+]\s*|\s(?:or|and|oder|und|ou|et|o|e|y)\s/iu).filter((part) => part !== "");
  const ranks = names.flatMap((one) => rankOf(one) ?? (isAgreed(one) ? 2 : []));
  if (ranks.length === 0 || ranks.length < names.length) return undefined;
  return remarks.some((remark) => mobileLike.test(wordKey(remark))) ? 1 : Math.min(...ranks);
}

/**
 * The country or dialling code in a number's column's name, such as `Mobile (ES)`, if it is not that of `home` and the first numbers
 * could be taken for home's.
 */
export function otherCountryInName(
  name: string,
  column: number,
  first: FirstCells,
  home: string | undefined,
): string | undefined {
  if (first.of(column).every((cell) => /^[(\s]*(?:\+|00)/.test(cell))) return undefined;
  const own = home === undefined ? undefined : planOf(home)?.callingCode;
  return plainName(name).remarks.find((remark) => {
    const code = /^\s*(?:\+|00)\s?(\d{1,3})\s*$/.exec(remark)?.[1];
    if (code !== undefined) return code !== own;
    const country = countryNamed(remark);
    return country !== undefined && country !== home;
  });
}

/** What such a column holds, the one beside it says: "Phone 1 - Value". */
const valueWord = /^(?:value|wert|valeur|valore?)$/i;

const isAgreed = (name: string) => meaningByName(columnKey(name), false)?.kind === "cnumber";

const mobileLike =
  /mobil|movil|cell|handy|gsm|portable|celular|natel|telemovel|matkapuh|komork|whatsapp|sms|kinito|мобил/;
const phoneLike = /phone|fon|tel(?!l)|rufn|numeros?$|mobil|puhelin|whatsapp|msisdn|sms|τηλ|тел/;
/** Columns beside a number that say something about it, or that belong to somebody else or to a machine. */
const besides =
  /label|type|typ$|fax|telecop|assist|carrier|provider|verified|consent|optin|optout|status|blacklist|country|code|vorwahl|prefix|ext$|extension|pager|telex|emergency|notfall|isdn|email|date|hotel|telegram/;

const isPhoneLike = (name: string) => {
  const key = wordKey(name);
  return (
    (phoneLike.test(key) || mobileLike.test(key)) && !besides.test(key) && !isNotToBeTexted(plainName(name).remarks)
  );
};

/**
 * The column to take when no name is one of the agreed ones: the only one whose name says "number" and that no other column with
 * numbers competes with. Several are never decided between.
 */
export function likelyNumberColumn(header: Header, first: FirstCells): LikelyNumberColumn {
  const { names } = header;
  const holdsNumbers = (at: number) => first.numbers(at) > 0;
  const named = names.flatMap((name, at) =>
    rankOf(name) !== undefined && (first.of(at).length === 0 || holdsNumbers(at)) ? [at] : [],
  );
  const candidates =
    named.length > 0
      ? named
      : names.flatMap((name, at) => (decoratedRank(name) !== undefined && holdsNumbers(at) ? [at] : []));
  const [at] = candidates;
  if (at === undefined) return { kind: "none" };
  const rivals = names.flatMap((name, other) =>
    !candidates.includes(other) && isPhoneLike(name) && holdsNumbers(other) ? [other] : [],
  );
  if (candidates.length === 1 && rivals.length === 0) return { kind: "column", at };
  return { kind: "several", reason: severalColumns(header, [...candidates, ...rivals], first) };
}

/** The column, beside the one that an agreed name points at, that could as well be meant: equally well named, and with numbers of its own. */
export function rivalNumberColumn({ names, keys }: Header, chosen: number, first: FirstCells): number | undefined {
  const rank = rankOf(names[chosen]);
  if (rank === undefined) return undefined;
  const own = first.of(chosen);
  const at = names.findIndex((name, other) => {
    const plain = rankOf(name);
    const rival = plain ?? decoratedRank(name);
    return (
      keys[other] !== keys[chosen] &&
      rival !== undefined &&
      // "Phone" is meant rather than "Phone 2", but not rather than "Phone (mobile)".
      (plain === undefined ? rival < rank : rival <= rank) &&
      first.numbers(other) > 0 &&
      first.of(other).some((cell, row) => cell !== own[row])
    );
  });
  return at < 0 ? undefined : at;
}

/** Says that several columns could hold the numbers, and how to say which. */
export function severalColumns({ names }: Header, several: readonly number[], first: FirstCells): string {
  const best = bestOf(names, several, first) ?? several.map((at) => names[at])[0];
  const listed = several.toSorted((a, b) => a - b).map((at) => quoted(names[at]?.trim() ?? "", 40));
  return `The columns ${listed.slice(0, -1).join(", ")} and ${listed.at(-1)} could all hold the numbers to send to. Say in the options which one is meant, such as ${mapping(best)}.`;
}

/** The option that says which column holds the numbers: the one whose first rows do, mobile before any other; without such, by name. */
export function numberColumnAdvice({ names }: Header, first: FirstCells): string {
  return mapping(bestNumberColumn(names, first) ?? bestNumberColumn(names, createFirstCells([])));
}

/** The name of the column that most likely holds the numbers to send to: by name and first rows, a mobile's before any other. */
export const bestNumberColumn = (names: readonly string[], first: FirstCells): string | undefined =>
  bestOf(names, [...names.keys()], first);

const mapping = (name = "…") => `"columns": {"cnumber": ${JSON.stringify(name.trim())}}`;

function bestOf(names: readonly string[], among: readonly number[], first: FirstCells): string | undefined {
  const hasRows = first.records.length > 0;
  const scored = among.flatMap((at) => {
    const name = names[at] ?? "";
    const key = wordKey(name);
    const numbers = first.numbers(at);
    if (columnKey(name) === "" || besides.test(key) || (hasRows && numbers === 0)) return [];
    const reaches = !isNotToBeTexted(plainName(name).remarks);
    const kind = kindBeside(names, name, first);
    if (kind === "other") return [];
    const named =
      kind === "mobile" || mobileLike.test(key) ? 3 : phoneLike.test(key) ? 2 : first.of(at).some(isDialled) ? 1 : 0;
    return named === 0 ? [] : [{ name, reaches, named, numbers }];
  });
  const [best] = scored.toSorted(
    (a, b) => Number(b.reaches) - Number(a.reaches) || b.named - a.named || b.numbers - a.numbers,
  );
  return best?.name;
}

/** What the column beside "Phone 1 - Value", "Phone 1 - Type" or "Phone 1 - Label", says of most of its numbers. */
function kindBeside(names: readonly string[], valueName: string, first: FirstCells): "mobile" | "other" | undefined {
  const stem = /^(.*\d\W*)value$/.exec(valueName.trim().toLowerCase())?.[1];
  if (stem === undefined) return undefined;
  const beside = names.findIndex((name) => [`${stem}type`, `${stem}label`].includes(name.trim().toLowerCase()));
  const cells = beside < 0 ? [] : first.of(beside).map(wordKey);
  const most = (pattern: RegExp) => cells.filter((cell) => pattern.test(cell)).length * 2 > cells.length;
  if (most(mobileLike)) return "mobile";
  return most(/fax|pager|telex/) ? "other" : undefined;
}

/** A number as nobody would write an invoice's. */
const isDialled = (cell: string) => /^(?:\+|00?[1-9]|\(0)/.test(cell);

/** Notes that a column was taken for its name although the name is not one of the agreed ones. */
export const noteTaken = (warnings: Warnings, name: string): void =>
  warnings.add(
    "number-column-guessed",
    `The numbers are taken from the column ${quoted(name.trim(), 40)}. If another column is meant, say so in the options: "columns": {"cnumber": "…"}.`,
  );
