import { describe, expect, test } from "vitest";
import { columnKey } from "../../shared/csv/column-name.ts";
import { readColumns } from "../../shared/csv/columns.ts";
import { createRowTexts } from "../../shared/csv/row-text.ts";
import { compileTemplate } from "../../shared/csv/template.ts";
import { createWarnings } from "../../shared/csv/warnings.ts";

/** What becomes of a text, as the option `message` and as a row's own: what is refused, asked about, or sent in silence. */
function fateOf(text: string, header: readonly string[]) {
  const fates = [undefined, text].map((own) => {
    const understood = readColumns(["phone", "message", ...header], { mapping: { cnumber: "phone" } });
    if (understood.kind === "refused") throw new Error(understood.reason);
    const warnings = createWarnings();
    const texts = createRowTexts(understood.columns, own === undefined ? text : undefined, warnings);
    if (texts.kind === "refused") return { kind: "refused", reason: texts.reason };
    const rendered = texts.render(["07700900001", own ?? "", ...header.map(() => "Ann")]);
    if (rendered.kind !== "text") return { kind: "refused", reason: JSON.stringify(rendered) };
    const doubts = [...warnings.all(), ...texts.doubts()].map(({ code }) => code);
    return { kind: doubts.length > 0 ? "asked" : "silent", reason: `${rendered.text} ${doubts.join(" ")}` };
  });
  const [option, own] = fates;
  if (option?.kind !== own?.kind) throw new Error(`${text} is judged in two ways: ${JSON.stringify(fates)}`);
  return { kind: "none", reason: "", ...option };
}

const wrappers = [
  ":_",
  "@_",
  "%_",
  "-_-",
  "*_*",
  "_ _ _",
  "::_::",
  "=_=",
  "&_&",
  "(_)",
  "<b>_</b>",
  "\\{_\\}",
  "{_}",
  "{{{_}}}",
  "{ _ }",
  "{{ {_} }}",
  "[_]",
  "[[_]]",
  "((_))",
  "<_>",
  "<<_>>",
  "«_»",
  "%_%",
  "%%_%%",
  "#_#",
  "##_##",
  "@_@",
  "$_",
  "$_$",
  "${_}",
  "#{_}",
  "%{_}",
  "@{_}",
  "$(_)",
  "%(_)s",
  "*|_|*",
  "|_|",
  "||_||",
  "^_^",
  "~_~",
  "~~_~~",
  "__ _ __",
  "**_**",
  "--_--",
  "!_!",
  "!!_!!",
  "+_+",
  "/_/",
  "\\_",
  "§_§",
  "¤_¤",
  "{%_%}",
  "{% _ %}",
  "<%= _ %>",
  "<?= $_ ?>",
  "[%_%]",
  "｛_｝",
  "【_】",
  "《_》",
  "〈_〉",
  "［_］",
  "{'_'}",
  '{"_"}',
  "{[_]}",
  "{(_)}",
  "{_!}",
  "{=_}",
  "{&_}",
  "[$_]",
  "{:_}",
  ":_:",
  "`_`",
  "%7B%7B_%7D%7D",
  "%7B_%7D",
  "[field:_]",
  "{contact._}",
  "%recipient._%",
  "{_|there}",
  "[_|there]",
  "{_:there}",
  "{\u200b_\u200b}",
  "$$_$$",
  "@(_)",
  "&lt;_&gt;",
  "[[_}}",
  "{_]",
  "{_ , ",
  "<!--_-->",
  "@@_@@",
  "=_",
  "#_",
  "&_",
  "^_",
  "~_",
  "!_",
] as const;
const around = (wrapper: string, name: string) =>
  wrapper
    .replace("_ _ _", `_${name}_`)
    .replace("__ _ __", `__${name}__`)
    .replace(/_(?!.*_)/, () => name);
const wrap = (wrapper: string, name: string) =>
  /_ _ _|__ _ __/.test(wrapper) ? wrapper.replace(" _ ", name) : around(wrapper, name);

/** As a column is called, and as a text may write it. */
const spellings: readonly (readonly [column: string, written: string])[] = [
  ["first_name", "first_name"],
  ["first_name", "firstname"],
  ["first_name", "FirstName"],
  ["first_name", "FIRST_NAME"],
  ["First Name", "First Name"],
  ["First Name", "first_name"],
  ["firstName", "firstName"],
  ["FNAME", "FNAME"],
  ["Vorname", "Vorname"],
  ["prénom", "prénom"],
  ["order_id", "order_id"],
  ["orderId", "orderId"],
  ["name", "name"],
  ["date", "date"],
  ["Имя", "Имя"],
];

describe("a column's name with marks around it", () => {
  test.each(spellings)("%s, written %s, is never sent in silence", (column, written) => {
    const silent = wrappers.filter((wrapper) => {
      if (/[(`]_[)`]/.test(wrapper) && /^(?:date|Имя)$/.test(written)) return false; // Prose, as in "ends soon (date)".
      if (wrapper === "&lt;_&gt;" && written === "never") return false;
      return fateOf(`Hi ${wrap(wrapper, written)}, see you`, [column]).kind === "silent";
    });
    expect(silent).toEqual([]);
  });
});

describe("a column's name without its accents or signs", () => {
  const header = ["Prénom", "Größe", "Montant dû", "Total (£)"];
  test.each([
    ["Hi [prenom]", "{{Prénom}}"],
    ["Hi #PRENOM#", "{{Prénom}}"],
    ["Hi <prenom>", "{{Prénom}}"],
    ["Hi :prenom", "{{Prénom}}"],
    ["Size [groesse]", "{{Größe}}"],
    ["Size {grosse}", "{{Größe}}"],
    ["You owe [montant_du]", "{{Montant dû}}"],
    ["You owe {total}", "{{Total (£)}}"],
  ])("in %s is the column's", (text, write) => {
    expect(fateOf(text, header)).toMatchObject({ kind: "refused", reason: expect.stringContaining(`Write ${write}.`) });
  });

  test("is nobody's when two columns have it", () => {
    expect(fateOf("Hi [prenom]", ["Prénom", "Prenóm"]).kind).toBe("asked");
  });
});

describe("a column's name beside a sign of money", () => {
  test.each([
    ["You owe £amount", "£{{amount}}"],
    ["Was £5, now €AMOUNT!", "€{{AMOUNT}}"],
    ["You owe ¥amount_due today", "¥{{amount_due}}"],
    ["You owe £amount due", "£{{amount due}}"],
    ["You owe amount€.", "{{amount}}€"],
    ["You owe £cost", "{{£cost}}"],
  ])("in %s is refused", (text, write) => {
    expect(fateOf(text, ["amount", "amount due", "£cost"])).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining(`Write ${write}.`),
    });
  });

  test.each(["You owe £ amount", "You owe amount €"])("in %s is asked about", (text) => {
    expect(fateOf(text, ["amount"]).kind).toBe("asked");
  });

  test.each(["Only £5, any amount", "5 € per amount", "No £pounds here", "£5 amount", "10€, amount to be paid"])(
    "in %s is prose",
    (text) => {
      expect(fateOf(text, ["amount"]).kind).toBe("silent");
    },
  );
});

/** Columns whose names are words of any text. */
const ordinary = (
  "name date offer offers sale town city price code time shop event customer order product discount link url email amount total points " +
  "balance x a b d p off today now day week team group table room port host path page title salon rabatt angebot kunde datum uhrzeit preis " +
  "laden stadt aktion offre prix magasin client ville heure nom oferta precio tienda cliente ciudad hora nombre acme spring WhatsApp PayPal"
).split(" ");

const prose = [
  "Our sale is on: up to 50% off! Show code SPRING_24 at the till (offer ends Sunday).",
  "#sale # today only",
  "#sale #offer #today at Acme",
  "We follow @acme and @shop on Insta, do you?",
  "5 < x > 3 is no joke",
  "5 < price > 3",
  "It costs $a or $b, who knows",
  "100%name% fun",
  "50%off% today",
  "Prices from $5, £7.50 or 9 €; 50% off % today",
  "[offer ends Sunday] Come early",
  "Mail a@shop.example or b@acme.example, $5 off",
  "See https://shop.example:8080/offer/today?code=sale&name=x#price for more",
  "https://shop.example/p/%20offer%20/now and http://acme.example/@shop",
  "www.acme.example/sale - now (town) or (city)",
  "Hello! Your order (no. 12/b) is ready :-) :D :P ;) <3 \\o/ ^^ xD",
  "Dear customer, your order will be at your shop today.",
  "Dear Customer, table for 2 on the date below.",
  "Hi all, team *Spring* meets in room 5 - date and time as always.",
  "*Sale* _today_ ~now~ in *town*",
  "-- sale -- today -- only",
  "*** OFFER *** 2 for 1 *** OFFER ***",
  "=== SALE === today === SALE ===",
  "Time: 10:30; date: 5/6; room: B-12; code:A1",
  "Mon|Tue|Wed | sale | shop | 9-5",
  "Pick-up or drop-off, in-shop or at-home: your choice",
  "Name your price! Name the date! Which team & which day?",
  "A&B Shop, x&y, R&B event & more",
  "Reply YES/NO/STOP, order/offer/sale",
  "<offer> is what we call it",
  "Reply with \"name\" and 'date' or “code”, ‘time’",
  "Q&A: price? code? -> link in bio <- now",
  "1 + 1 = 2, total = price x amount",
  "price=5, code=7, a+b=c",
  "Time's up! Today's offer's gone :(",
  "Call +44 1632 960000 or (01632) 960001 today",
  "*T&Cs apply. #ad #offer",
  "Pay by PayPal, ask on WhatsApp, call from your iPhone",
  "(WhatsApp only) *PayPal* accepted",
  "25% Rabatt* auf alles! *Aktion bis Sonntag (Datum siehe Laden)",
  "Liebe Kundin, lieber Kunde, Ihr Termin: Datum 3.5., Uhrzeit 10:00.",
  "Angebot »Stadt« und „Laden“: nur heute – Preis: 5 €",
  "Kunde/Kundin gesucht (m/w/d), Datum: 1.1.",
  "Gruß, Ihr Salon-Team (Aktion: #Rabatt)",
  "Sehr geehrte Damen und Herren, das Angebot gilt für Kund:innen & Team*innen in Stadt_Land",
  "Schöne Grüße aus der Stadt ;-) *Laden* schließt um 18:00 Uhr",
  "Bonjour ! Votre prix : 5 € ; l'offre « offre » finit demain.",
  "Cher client, l'heure : 10 h 30 (ville : Lyon) – magasin ouvert",
  "Bonjour à tous, -20 % sur le prix « client » !",
  "Votre nom ? Votre ville ? Répondez « OUI » au 36000",
  "Cliquez sur «offre» pour le prix client/magasin",
  "¡Hola! ¿Precio? La oferta: 2x1 en tienda (hora: 10:00)",
  "Estimado cliente, su hora es a las 10:30; ciudad: Madrid.",
  "¡OFERTA! 50% en *tienda*, código: SALE-10",
  "Hola, dinos tu nombre/ciudad por WhatsApp",
  "Use code SALE_50 or ACME_OFFER today",
  "Room_5 and B_12 are open; user acme_shop posted",
  "50% + 20% off = big sale; $$$ savings $$$",
  "Your parcel #12-34 (2 items) arrives today, 10-12h",
  "Kind regards, Ann @ Acme Shop",
  "Visit shop@town (our new shop), level -1, door #b",
  "Rate us: 1=bad, 5=good. Reply e.g. 5",
  "e-mail: team@acme.example, tel: 01632 960000",
  "Sale! :sale starts now; offer:now",
  "~5 min walk, ~town centre~",
  "|sale| today or ^now^",
  "Team_Spring's event: #teamspring",
  "Enter [name] on the form? No: just come!",
  "Today {limited} offer, {} and (…) only",
  "“Spring” sale",
  "a/b test: group a, group b, page x",
  "You've got 20 points! That's 5% of your total.",
  "See #1 & #2, §5 or page/2",
  "Come in <b>now</b>",
  "Order ab_cd_ef has left; track it: acme.example/t?order=ab_cd&page=2",
  "McDonald, MacBook, LinkedIn & eBay say hello",
  "Send 'OFFER' to 60000",
  "Wi-Fi code: offer-now / now-offer",
  "https://shop.example/t?first_name=1&order_id=2&name=x;town=y",
  "Mail order_id@shop.example or first_name@acme.example, name@town.example",
  "Tel &Email: ask for name &address",
  "Dear all, e.g. (date) or (time)?",
] as const;
/** Of the above those in which a mark stands close around a column's name, as placeholders have it. */
const namesMarked = /^(?:<offer>|Enter \[name\]|\|sale\|)/;

describe("prose", () => {
  test("is never refused, whatever ordinary words the columns are called", () => {
    const refused = prose
      .filter((text) => !namesMarked.test(text))
      .flatMap((text) => {
        const { kind, reason } = fateOf(text, ordinary);
        return kind === "refused" ? [`${text}: ${reason}`] : [];
      });
    expect(refused).toEqual([]);
  });

  test("is refused nowhere where the list has other columns", () => {
    const refused = prose.filter((text) => fateOf(text, ["first_name", "Last Name", "order_id"]).kind === "refused");
    expect(refused).toEqual([]);
  });

  test("that is a link with columns' values is sent as it is meant", () => {
    const link = "https://shop.example/?first_name={{first_name}}&order_id={{order_id}}&name={{first_name}}";
    expect(fateOf(link, ["first_name", "order_id", "name", "town"]).kind).toBe("silent");
  });

  test("is mostly not even asked about", () => {
    const asked = prose.filter((text) => fateOf(text, ["first_name", "town", "order_id"]).kind === "asked");
    expect(asked).toEqual([
      "100%name% fun",
      "*Sale* _today_ ~now~ in *town*",
      "~5 min walk, ~town centre~",
      "Enter [name] on the form? No: just come!",
      "Today {limited} offer, {} and (…) only",
      "Come in <b>now</b>",
    ]);
  });
});

describe("what stands behind a column's name in braces", () => {
  test.each([
    "|split: ' ' | first",
    "|split:' '",
    '|ifEmpty("x")',
    "|ifEmpty('x')",
    "|default there",
    "|a|b",
    "|if_empty: there",
    "|or: there",
    "|nvl: there",
    "|alt=there",
    "|=there",
    "|= there",
    "|else there",
    "|initcap",
    "|Title Case",
    "|title_case",
    "|substring(0,5)",
    "|first",
    "|upper",
    "|UPPER",
    "|lower|there",
    "|or there",
    "|or 'there'",
    "| default: there",
    "|default=there",
    "|default('there')",
    '|fallback:"there"',
    "|fallback there",
    "|otherwise there",
    "|ifnull:there",
    "|ifnull(there)",
    "|coalesce(there)",
    "|isnull there",
    "|default_if_none:there",
    "|if empty then there",
    "|when_empty=there",
    "|?there",
    "|? there",
    "|??there",
    "||there",
    "|:there",
    "|: there",
    "|:-there",
    "|-there",
    "|>there",
    "|&there",
    "|!there",
    "|~there",
    "|'there'",
    "|“there”",
    "|«there»",
    "|‘there’",
    "|`there`",
    "|{there}",
    "|{{last_name}}",
    "|[last_name]",
    "|%last_name%",
    "|$last_name",
    "|last_name",
    "|@last_name",
    "|capitalize",
    "|ucfirst",
    "|truncate 5",
    "|truncate:5",
    "|slice(0, 5)",
    "|date:'d.m.'",
    "|date 'd.m.'",
    "|date('d.m.')",
    "|format:0.00",
    "|number_format(2)",
    "|replace('a','b')",
    "|strip_tags",
    "|trim",
    "|to_upper",
    "|uppercase_first",
    "|proper case",
    "|left 5",
    "|append 'x'",
    "|word:1",
    "|max=5",
    "|lang:de",
    "|noescape",
    " there",
    " 'there'",
    " default there",
    ", there",
    ",there",
    ":there",
    " or there",
    " ?? there",
    " ?: 'there'",
    ".upper",
    ".toUpperCase()",
    "[0]",
    "!",
    " -> there",
    " / there",
    "=there",
    " = there",
    "?there",
    "(there)",
    ";there",
    " else there",
    " if first_name",
    "\\|there",
    "#there",
    "@there",
    " || there || you",
  ])("{{first_name%s}} is refused, and what to write is shown", (behind) => {
    const { kind, reason } = fateOf(`Hi {{first_name${behind}}}, bye`, ["first_name", "last_name"]);
    expect(kind).toBe("refused");
    expect(reason).toMatch(/\{\{(?:first_name|last_name|column)[|}]/);
  });

  test.each([
    ["{{UPPER(first_name)}}"],
    ["{{upper first_name}}"],
    ["{{first_name.upper()|there}}"],
    ["{{=first_name}}"],
    ["{{ if first_name }}"],
    ["{{first_name}"],
    ["{first_name}}"],
    ["{{&first_name}}"],
    ["{{first_name|{{last_name|you}}}}"],
    ["{{ifEmpty(first_name, 'there')}}"],
    ["{{first_name | split: ' ' | first | default: 'there'}}"],
    ["{{'there'}}"],
    ["{{0}}"],
    ["{{1}}"],
    ["{{first_name||last_name||'there'}}"],
  ])("%s is refused", (text) => {
    expect(fateOf(`Hi ${text}, bye`, ["first_name", "last_name"]).kind).toBe("refused");
  });

  test.each(
    [
      "there",
      "dear customer",
      "Sir or Madam",
      "friend (or family)",
      "0.00 EUR",
      "€5",
      "10:30",
      "12/24",
      "-",
      "–",
      "...",
      "?",
      "!",
      ":)",
      ":-)",
      "n/a",
      "https://shop.example/a?b=c",
      "http://acme.example",
      "our shop: 5 High St",
      "you & yours",
      "20%",
      "+44 1632 960000",
      "#1",
      "@acme",
      "“VIP” customer",
      "l'ami",
      "O'Neil",
      "Kund:in",
      "Kund*in",
      "date to be confirmed",
      "to be confirmed",
      "first class",
      "last week",
      "your first order",
      "the date",
      "alt",
      "Altes Haus",
      "default",
      "- keine -",
      "-none-",
      "1",
      "tbc",
      "Title",
      "Customer",
    ].filter((word) => !["default", "Title"].includes(word)),
  )("a default %s is sent as it stands", (fallback) => {
    const compiled = compileTemplate(`Hi {{first_name|${fallback}}}, bye`, {
      find: (name) => (columnKey(name) === "firstname" ? 0 : undefined),
      names: ["first_name"],
    });
    expect(compiled).toMatchObject({ kind: "template" });
    expect(compiled.kind === "template" && compiled.template.render([""], () => {})).toEqual({
      kind: "text",
      text: `Hi ${fallback}, bye`,
    });
  });

  test("a default may be empty, or a blank", () => {
    expect(fateOf("Hi{{first_name|}}, bye", ["first_name"]).kind).toBe("silent");
    expect(fateOf('Hi{{first_name|""}}, bye', ["first_name"]).reason).toContain("Write {{first_name|}}.");
  });

  test("a default that is another column's name is asked about", () => {
    expect(fateOf("Hi {{nickname|name}}", ["nickname", "name"]).kind).toBe("asked");
  });
});

test.each([
  ["Hi name, welcome back", ["name"], "asked"],
  ["Pay us{Amount (EUR)} now", ["Amount (EUR)"], "asked"],
  ["Pay {Amount (EUR)} now", ["Amount (EUR)"], "refused"],
  ["Dear First Name, hello", ["First Name"], "refused"],
])("%s, in a list with %j, is %s", (text, header, fate) => {
  expect(fateOf(text, header).kind).toBe(fate);
});
