import type { Options } from "../campaign/options.ts";
import { quoted } from "../shorten.ts";
import { isEmptyToken } from "./clean-cells.ts";
import { wordKey } from "./column-name.ts";
import type { Column } from "./columns.ts";
import { createDistinctValues, type OptOutColumn, optOutAdvice } from "./opt-out-advice.ts";
import type { CsvRecord } from "./record-parser.ts";
import { tagsIn } from "./tags.ts";
import type { Warnings } from "./warnings.ts";

/** Notices rows that are about to be sent although a column of the list says that the person does not want it. */
export type NoticeOptOut = (cells: readonly string[], line: number) => void;

/** Names of columns in which whatever stands there, but for a no, says that somebody does not want messages. */
const optedOutName =
  /opt(?:ed)?out|unsubscri|^unsub(?:time|date|at|reason|bed|sms)?$|blacklist|blocklist|denylist|(?:do?nt?o?t?|never)(?:contact|call|text|sms|message|disturb|mail|send)|^dn[cdt]$|nosms|notexts?$|nocontact|nomarketing|stopsms|smsstop|stopdate|stoppedat|suppress|^tps|robinson|consentwithdr|consentrevoked|withdr[ae]wn?consent|abgemeldet|abmeld|ausgetragen|widerspr|widerruf|kein(?:e|en)?(?:werbung|sms|kontakt|anrufe|einwilligung)|nicht(?:kontaktieren|anrufen|anschreiben)|sperr(?:e|t|liste|vermerk|datum|kennzeichen)|werbeverbot|desabonn|desinscri|listenoire|listerouge|bloctel|nepas(?:contacter|appeler|demarcher)|refus(?:sms|pub|contact)|retraitconsent|disiscri|cancellat[oi]$|listanera|noncontattare|opposizion|dad[oa]debaja|^baja|bajasms|listanegra|no(?:contactar|enviar|llamar|molestar)|descadastr|nao(?:contactar|contatar|ligar|enviar)|afgemeld|afmeld|uitgeschreven|belmeniet|niet(?:bellen|contacteren|benaderen|mailen)|geensms|avmeldt|avmalan|avanmal|avregistrer|framelding|frameldt|reklamsparr|nixlist|reservasjon|reserverad|ikkekontakt|intekontakt|kielto|kielletty|wypisan|rezygnacja|sprzeciw|niekontaktowac|czarnalista|odhlasen|nekontaktovat|nesouhlas|nesuhlas|leiratkoz|dezabonat|nucontacta|отписан|отказ|черныисписок|чернсписок/;

/** Names that mean it only where a yes or a date stands below them: there are bus stops, too. */
const markName =
  /^(?:stop|stops|stopped|arret|block|blocked|exclude|excluded|removed|gesperrt|geblokkeerd|bloque|bloqueado|bloccato|zablokowany|exclu|escluso|excluido|exclusion|quit|withdrawn|withdrew|revoked|revoca|revocato|refuse|refused|objection|objected|opposition|deceased|died|dead|verstorben|decede|fallecido|deceduto|falecido|overleden|avliden|afdod|zmarly)(?:sms|on|at|date|datum|am|le)?$/;

const consentName =
  /consent|^subscribed$|smssubscri|subscribedto|opt(?:ed)?in$|optin(?:sms|text|marketing|date|datum|time|status)|can(?:receive|get)|accepts?(?:sms|marketing|texts?)|(?:can|ok|okay)to?(?:text|contact|sms|message)|(?:sms|text|marketing|contact)(?:ok|allowed|permitted|agreed|erlaubt)$|einwillig|zustimm|erlaubnis|^(?:gdpr|dsgvo|rgpd|avg)$|^abonne$|^inscrit$|accord(?:sms|marketing|commercial)|autoris|autoriz|samtykke|samtycke|toestemming|consenso|consentimi|tillatelse|tillstand|lupa$|zgoda|suhlas|souhlas|hozzajarul|maycontact|permission|contactable|(?:may|can|could|should|do)(?:we|i)(?:text|contact|sms|message|send|call|phone|use)|agree(?:d|s)?(?:to|$)|happyto(?:be|receive|get)|(?:want|like)s?(?:to)?(?:receive|get)?(?:sms|texts?|messages|offers|updates)|receive(?:s)?(?:sms|texts?|messages|marketing)/;
/** Somebody's consent, denied by the name: a yes below it is a no. */
const noConsentName = /^(?:no|not|non|keine?|sans|sin|senza|sem|geen|ingen|ikke|bez|brak|fara)(?:sms|marketing)?.*/;

/**
 * What people may want to get, and what may stand around it, as shops name such columns: "Newsletter", "SMS Werbung". A plain no
 * below it says that somebody does not; such columns also have names of newsletters, dates and figures.
 */
const offered =
  "newsletters?|mailings?|mailinglists?e?|marketing|werbung|werbesms|werbe(?:nachricht|mitteilung|info)(?:en|s)?|reklame?|pub|publicites?|publicidad|publicidade|pubblicita|promos?|promotions?|promotional|promotionnel(?:le)?s?|promocion(?:es)?|promozion[ei]|promoc(?:ao|oes)|promocj[ea]|advertising|adverts?|offers|offres|ofertas|offerte|angebote?|sonderangebote?|aktionen|infobrief|rundbrief|rundschreiben|lettredinformation|infolettre|bulletin|boletin|boletim|bollettino|nieuwsbrief|reclame|aanbiedingen|nyhetsbrev|nyhedsbrev|erbjudanden|tilbud|uutiskirje|markkinointi|mainonta|biuletyn|reklam[ay]|zpravodaj|obchodni?sdeleni|obchodnesdeleni|hirlevel|reklam|buletin|рассылка|реклама|новости";
/** Nobody names a column of an offer by more, and matching takes longer with every character. */
const offerCharacters = 60;
/** In every name of an offer. To compile what such names look like takes longer than to read a short list, and few lists have one. */
const offerWord = new RegExp(`sms|${offered}`);
const offerName = new RegExp(
  `^(?:sms|mms|text|texts|mobile|handy|receives?|gets?|wants?|accepts?|subscribe[ds]?(?:to)?|opt(?:ed)?in(?:to|for)?|erhalt|bekommt|mochte|will|akzeptiert|abonn(?:e|iert)(?:a?la|au)?|inscrite?(?:a?la|au)?|(?:souhaite|accepte)?(?:recevoir)?(?:la|les|des)|accepte|acepta|accetta|recoit|recibe|riceve|ontvangt|per|par|por|via){0,3}(?:(?:${offered})(?:${offered}|marketing|messages?|nachrichten|updates?|alerts?|notifications?|notify|abo|abonn\\w*|anmeldung|angemeldet|empfang\\w*|versand|erhalten|erwunscht|gewunscht|aktiv|active|actif|activo|attivo|enabled|status|subscribers?|subscribed|subscription|subscribe|inscri\\w*|suscri\\w*|iscri\\w*|aangemeld|ok|flag|preference|allowed|yesno|yn|janein|ouinon|sino|via|per|par|por|by|erlaubt|permitted|opt(?:ed)?in|zustimmung|einwilligung|consent|consentement|consenso|consentimiento|toestemming|samtykke|samtycke|zgoda|souhlas|auf|sms|text|handy|mobile){0,3}|sms(?:messages?|nachrichten|updates?|alerts?|notifications?|empfang\\w*|versand|erhalten|erwunscht|gewunscht|abo|aktiv|active|enabled|yesno|yn|janein|ouinon|sino){0,2})$`,
);
/** A no that a figure, or the mark of something else, looks like: it counts where the first rows have nothing else. */
const doubtfulNo = new Set(["0", "n", "f"]);

/** A choice about another channel. */
const otherChannel = /email|e?mailing|newsletter|post|letter|fax|whatsapp|push/;

/**
 * The same in the words of a note, such as "Asked on 3 May: do not text". Footers such as "reply STOP to opt out" have no such words.
 */
const noteSaysOut = new RegExp(
  [
    "(?:do(?:es)? ?n(?:o|['’])?t|did ?n['’o]?t|not to|never|(?<!to )stop|quit) (?:wants? |wish(?:es)? |like |ever |want to |to |be |being |get(?:ting)? |receiv(?:e|ing) |send(?:ing)? |any |more |further |our |us |h(?:er|im) |them )*(?:text|contact|call|messag|sms|disturb|e?mailshot|mail|phone|ring|marketing|writ(?:e|ing)|promo|communicat)",
    "no (?:more|further) (?:texts?|sms|messages?|calls?|contact|marketing|mail(?:s|ings?)?|promotions?)",
    "no longer (?:wants?|wish|interested|to be|a customer|with us|alive|consents?|a member)",
    String.raw`(?:wants?|asked|asks|wishes|requests?|requested|please|pls|begs?|demanded) .{0,30}(?:\bremov|\bunsubscri|\bopt(?:ed)?[ -]?out|\btak(?:en?)? (?:her |him |them |me )?off|\bdelet|\bno (?:texts|sms|messages|calls|contact|marketing)|\bto stop|\bleave (?:her|him|me|them) alone)`,
    "(?:remove|take|took)d? (?:me|her|him|them)? ?(?:off|from) (?:the |our |this |all |any |sms |text |mailing |marketing )*(?:list|database|mailing|marketing)",
    "(?:has|have|had|was|is|client|customer|she|he|they) (?:opted[ -]?out|unsubscribed|withdrawn|blacklisted|deceased|died|objected)",
    String.raw`deceased|passed away|verstorben|d[ée]c[ée]d[ée]e?(?![\p{L}])|fallecid[oa]|decedut[oa]|falecid[oa]|overleden|zmarł`,
    "keine? (?:weiteren? |mehr |werbe-?)*(?:sms|nachrichten|werbung|anrufe|texte|mitteilungen|kontakt)|nicht (?:mehr )?(?:anschreiben|kontaktieren|anrufen|simsen|texten|behelligen|st[öo]ren)|(?:m[öo]chte|will|w[üu]nscht) (?:keine|nicht mehr|nichts)|hat.{0,20}(?:abmeldung|widersprochen|widerrufen|abgemeldet)|bittet.{0,20}(?:l[öo]schung|abmeldung)",
    String.raw`ne (?:plus|pas) (?:\p{L}+ ){0,2}(?:contacter|appeler|envoyer|[ée]crire|d[ée]ranger|recevoir|solliciter|d[ée]marcher|texter)|(?:ne |n['’])(?:veut|souhaite|d[ée]sire) (?:plus|pas)|a demand[ée].{0,20}(?:d[ée]sinscription|suppression|retrait)`,
    "no (?:volver a )?(?:contactar|llamar|molestar|enviar|escribir|mandar)|no (?:quiere|desea) |(?:pidi[óo]|solicit[óo]).{0,20}(?:baja|borrar|eliminar)|dad[oa] de baja",
    "non (?:contattare|chiamare|inviare|mandare|scrivere|disturbare)|non (?:vuole|desidera)|n[ãa]o (?:contactar|contatar|ligar|enviar|incomodar|mandar|quer|deseja)",
    "niet (?:meer )?(?:bellen|contacteren|benaderen|sms|appen|mailen|sturen|storen)|wil (?:geen|niet)|(?:vill|[öo]nskar|[øo]nsker|vil) (?:inte|ikke)|(?:inte|ikke) (?:kontakt|ring|sms|send|skick)|nie (?:kontaktowa|dzwoni|wysy[łl]a|pisa[ćc]|chce|[żz]yczy)|не (?:звонить|писать|беспокоить|отправлять|хочет|присылать)",
  ]
    .map((words) => String.raw`(?<![\p{L}\p{N}])(?:${words})`)
    .join("|"),
  "iu",
);

/** Words that tell people how to opt out, as the end of a text has them. */
const tellsHow =
  /\b(?:reply|respond|text|txt|send|antworte\w*|sende\w*|r[ée]pond\w*|envoye\w*|respond[ae]|env[ií]\w*|rispond\w*|invia\w*)\b.{0,30}\bstop\b|\bstop\b.{0,20}(?:\bto\b|\ban\b|\bau\b|\bal\b) ?\d{3}/i;

/** Notes are longer than most cells, and texts longer than notes. */
const isOptOutNote = (text: string) =>
  text.length >= 8 && text.length <= 600 && noteSaysOut.test(text) && !tellsHow.test(text);

/** What is sent to people so that they can opt out is not their choice. */
const wayOut =
  /(?:optout|unsubscribe|stop|baja|abmelde)\w*(?:url|link|href|token|hash|code|key|keyword|message|footer|instructions?|wording|hinweis|number|nummer|id)$|(?:optout|unsubscribe|stop)(?:text|line|word)$/;

/** How somebody's consent came about, which says nothing about it where it is empty. */
const aboutConsent = /(?:timestamp|source|method|form|ip|ipaddress|version|text|wording|url|link|id|by|channel|type)$/;

const words = (text: string) => new Set(text.split(/\s+/));
const yes = words(
  "1 yes y true t x on ja j oui o si s sim wahr vrai vero verdadero verdadeiro tak da igen ano kylla evet да ναι ✓ ✔ ☑ ☒ stop stopped optout optedout unsubscribed blacklisted blocked",
);
const no = words(
  "0 no n false f off nein non nee nej nei ne nao falsch faux falso nie nem ei hayir nu нет οχι ✗ ✘ ☐ optout optedout unsubscribed notsubscribed neversubscribed notconsented nonsubscribed declined denied withdrawn withdrew never revoked stop stopped refused refuse refusee rejected pending unconfirmed notgiven notoptedin abgelehnt widerrufen nichterteilt rechazado rifiutato geweigerd odmowa",
);
/** What stands for "has not opted out" in a column for the opposite. */
const noneOfIt = words(
  "0 no n false f off nein non nee nej nei ne nao falsch faux falso nie nem ei hayir nu нет οχι ✗ ✘ ☐ active aktiv actif activo attivo subscribed optin optedin in never keine none ok allowed current",
);
const noDate = /^(?:0000-00-00|00[./]00[./]0000|1900-01-00)/;

/** Cells that say it whatever their column is called, such as a status or a remark. */
const out = String.raw`(?:sms[\s:_-]*)?(?:opt(?:ed)?[\s_-]?out|unsubscribed|abgemeldet|ausgetragen|(?:do[\s_-]?n(?:o|['’])?t|never)[\s_-]?(?:contact|call|text|message|send|disturb|mail|sms)|dn[cd]$|(?:stop(?:ped)?|arret|arrêt|unsubscribe)[\s.!]*$|no[\s_-](?:contact|sms|texts?|marketing)$|do[\s_-]?not[\s_-]?allow|black-?listed|block-?listed|suppressed|d[ée]sabonn[ée]|d[ée]sinscrit|ne pas (?:contacter|appeler)|dad[oa] de baja|no (?:contactar|llamar|molestar)|disiscritt[oa]|non contattare|n[ãa]o (?:contactar|contatar|ligar)|descadastrad[oa]|afgemeld|uitgeschreven|niet (?:bellen|contacteren|benaderen)|avregistrer(?:ad|t)|avmeldt|avanm[äa]ld|afmeldt|frameldt|wypisan[yaе]|nie kontaktowa[cć]|odhl[aá][sš]en|leiratkozott|dezabonat|отписан|werbe(?:sperre|widerspruch)|keine (?:werbung|sms|anrufe)|(?:bitte )?nicht (?:mehr )?(?:kontaktieren|anrufen|anschreiben)|(?:consent|einwilligung) (?:withdrawn|widerrufen))`;
/** What may follow it: words to the end of the cell or tag, but no "no". */
const endOfTag = String.raw`(?!\s*[:=]\s*(?:no|n|false|f|0|nein|non|nee)(?![\p{L}\p{N}]))(?=$|[;,|\n]|[\s_.:!()/\]}"'=–-][^;,|\n]{0,40}(?:$|[;,|\n]))`;
/** Line breaks are blanks that begin a tag, too: any number of both takes minutes where there is a megabyte of them. */
const fewBlanks = String.raw`\s{0,20}`;
const saysOut = new RegExp(`^${out}${endOfTag}`, "iu");
/** The same among the tags of a cell, such as "vip;opted-out". */
const tagSaysOut = new RegExp(String.raw`(?:[;,|\n\t#*"'[{]|:::|\s/)${fewBlanks}${out}${endOfTag}`, "iu");
/** A single word that says so only among tags: notes and addresses have it too. */
const tagStop = new RegExp(
  String.raw`(?:^|[;,|\n\t#*"'[{])${fewBlanks}(?:stop(?:ped)?|unsub|out)\s*(?=$|[;,|\n\t\]}"']|\s#)`,
  "i",
);
const tagsName =
  /^(?:tags?|labels?|groups?|segments?|lists?|categor(?:y|ies|ie)|kategorien?|gruppen?|etiquet\w*|etichett\w*|schlagw\w*|mots?cles?|groupmembership|flags?)$/;
/** What says it in a column about a person's state only. */
const statusOut =
  /^(?:blocked|gesperrt|baja|bloqueado|bloccato|bloqu[ée]e?|geblokkeerd|zablokowany|revoked|withdrawn|widerrufen|declined|denied|refused|(?:only[ ](?:by[ ])?|nur[ ](?:per[ ])?)(?:post|e-?mail|phone|letters?|telephone|brief|telefon)|(?:post|e-?mail|phone|letters?|telephone|calls?)[ ]only)[.!]?$/i;
const statusName =
  /status|state$|zustand|estado|situac|stato|statut|subscri|^abo|marketing|sms|contact|kontakt|prefer|permission|consent/;

/** What a column is watched for. */
type Watch = "out" | "mark" | "consent" | "offer" | "status" | "tags" | "any";

interface Watched {
  readonly at: number;
  readonly name: string;
  readonly watch: Watch;
  /** The options' `skipWhere` names it: only what it does not leave out is of interest. */
  readonly skipped: boolean;
  /** Whether it is about an offer, and has nothing but yes and no in the first rows. */
  readonly yesOrNo: boolean;
}

const isOffer = (key: string) =>
  key.length <= offerCharacters &&
  offerWord.test(key) &&
  offerName.test(key) &&
  (otherChannel.test(key) || !consentName.test(key));

function watchFor(name: string): Watch | undefined {
  const key = wordKey(name);
  if (isOffer(key)) return "offer";
  if (wayOut.test(key) || (otherChannel.test(key) && !/sms|text|phone|mobile/.test(key))) return undefined;
  if (optedOutName.test(key)) return "out";
  if (aboutConsent.test(key) && consentName.test(key) && !/(?:optin|can|ok)(?:to)?text$/.test(key)) return "any";
  if (consentName.test(key)) return noConsentName.test(key) ? "out" : "consent";
  if (markName.test(key)) return "mark";
  if (tagsName.test(key)) return "tags";
  return statusName.test(key) ? "status" : "any";
}

const wordOf = (text: string) => wordKey(text) || text;

const isDate = (text: string) =>
  !noDate.test(text) &&
  (/^\d{1,4}[-./]\d/.test(text) || /\b(?:19|20)\d\d\b/.test(text) || /^\d{5}(?:\.\d+)?$/.test(text));

/** Whether a cell that is not empty says that its row is not to be written to, `"other"` where only its being there does. */
function refuses(text: string, { watch, skipped, yesOrNo }: Watched): boolean | "other" {
  switch (watch) {
    case "any":
      return saysOut.test(text) || tagSaysOut.test(text) || isOptOutNote(text);
    case "tags":
      return saysOut.test(text) || tagSaysOut.test(text) || tagStop.test(text);
    case "offer":
      if (no.has(wordOf(text)) && (yesOrNo || !doubtfulNo.has(wordOf(text)))) return true;
      return saysOut.test(text) || tagSaysOut.test(text) || statusOut.test(text) || isOptOutNote(text);
    case "status":
      return saysOut.test(text) || tagSaysOut.test(text) || statusOut.test(text) || isOptOutNote(text);
    case "consent":
      return no.has(wordOf(text)) || saysOut.test(text);
    case "mark":
    case "out": {
      const word = wordOf(text);
      if (yes.has(word)) return true;
      if (isDate(text)) return "other";
      return watch === "out" && !skipped && !noneOfIt.has(word) && !isEmptyToken(text) && !noDate.test(text)
        ? "other"
        : false;
    }
    default:
      return watch satisfies never;
  }
}

/** Whether a column has nothing but yes and no in some rows; figures other than 0 and 1 are neither. */
function isYesOrNo(rows: readonly CsvRecord[], at: number): boolean {
  const found = rows.map(({ cells }) => (cells[at] ?? "").trim()).filter((text) => text !== "");
  return found.every((text) => yes.has(wordOf(text)) || no.has(wordOf(text)));
}

const isOut = (tag: string) => saysOut.test(tag) || tagStop.test(tag);

/** More columns that say so of somebody are not told each by itself; they still count for what the others advise. */
const columnsTold = 50;

/**
 * Looks at columns whose names speak of consent, and for cells that say it under any name; each has a warning of its own.
 * `skipped` is the column that `skipWhere` names, and `first` are the first rows.
 */
export function createOptOutNotice(
  columns: readonly Column[],
  skipWhere: Options["skipWhere"],
  { skipped, first }: { readonly skipped: number | undefined; readonly first: readonly CsvRecord[] },
  warnings: Warnings,
): NoticeOptOut | undefined {
  const watched = columns.flatMap(({ name, meaning }, at): Watched[] => {
    if (meaning.kind !== "variable") return [];
    const watch = watchFor(name);
    return watch === undefined
      ? []
      : [{ at, name: name.trim(), watch, skipped: at === skipped, yesOrNo: watch === "offer" && isYesOrNo(first, at) }];
  });
  if (watched.length === 0) return undefined;
  const blanks = new Map(watched.filter(isMarked).map(({ at }) => [at, createBlanks()]));
  const told = new Map<number, OptOutColumn>();
  const stays = new Map(
    watched
      .filter(({ watch }) => watch === "out" || watch === "mark")
      .slice(0, columnsTold)
      .map(({ at }) => [at, createDistinctValues()]),
  );
  let rows = 0;
  const say = (column: Watched, found: ReturnType<typeof refuses>, text: string, { line, cases }: FoundRows) => {
    const one = told.get(column.at) ?? createFinding(column, stays.get(column.at));
    if (!told.has(column.at) && told.size === columnsTold) return;
    told.set(column.at, one);
    one.rows += cases;
    one.other ||= found === "other";
    one.out.add(found === false ? "" : valueToSkip(text));
    warnings.add("opt-out-column", () => optOutAdvice(one, { columns: [...told.values()], rows, skipWhere }), {
      line,
      example: `${column.name}: ${found === false ? "(empty)" : quoted(text)}`,
      about: column.at,
      cases,
    });
  };
  return (cells, line) => {
    let said = false;
    for (const column of watched) {
      const text = (cells[column.at] ?? "").trim();
      const found = text === "" ? false : refuses(text, column);
      if (found === false && text !== "") stays.get(column.at)?.add(text);
      const here = found === false ? blanks.get(column.at)?.(text === "", line) : { line, cases: 1 };
      if (here === undefined) continue;
      say(column, found, text, here);
      // Lines that come late may have been counted for another column: then no column speaks of all rows.
      if (here.line !== line) rows += here.cases;
      else said = true;
    }
    if (said) rows++;
  };
}

function createFinding({ name, watch, skipped }: Watched, stay = createDistinctValues(false)): OptOutColumn {
  const usual =
    watch === "consent" ? ["no", "false", "0"] : watch === "out" || watch === "mark" ? ["yes", "true", "1"] : [];
  return { name, skipped, sure: watch !== "offer", usual, out: createDistinctValues(), stay, other: false, rows: 0 };
}

/** Whether an empty cell of a column is of interest, since other rows say yes there. */
const isMarked = ({ watch, skipped }: Watched) => watch === "consent" && !skipped;

/** How many rows, the first of which is in `line`. */
interface FoundRows {
  readonly line: number;
  readonly cases: number;
}

/** Tells which rows have no consent: empty cells count once some row has one. */
function createBlanks() {
  let given = false;
  let before: FoundRows | undefined;
  return (blank: boolean, line: number): FoundRows | undefined => {
    if (blank && given) return { line, cases: 1 };
    if (blank) {
      before = { line: before?.line ?? line, cases: (before?.cases ?? 0) + 1 };
      return undefined;
    }
    given = true;
    const waiting = before;
    before = undefined;
    return waiting;
  };
}

/** What of a cell `skipWhere` is to name: the whole, or the one of its tags that says so. */
const valueToSkip = (cell: string): string =>
  saysOut.test(cell) && !/[;|\n]/.test(cell) ? cell : (tagsIn(cell).find(isOut) ?? cell);
