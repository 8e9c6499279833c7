import { describe, expect, test } from "vitest";
import { decodedAs } from "../../shared/csv/single-byte-tables.ts";
import { twiceEncoded } from "../../shared/csv/twice-encoded.ts";

/** UTF-8 that was read in this encoding. Latin-1 has control characters where Windows-1252 has letters. */
const misread = (text: string, table: string) =>
  table === "latin1" ? Buffer.from(text).toString("latin1") : decodedAs(table, Buffer.from(text));

const words = [
  "Müller",
  "José",
  "Zoë",
  "Città",
  "FRANÇOIS",
  "MÜLLER",
  "Łukasz",
  "Wałęsa",
  "it’s",
  "“Hello”",
  "£5",
  "5€",
  "20°C",
  "à",
  "Élodie",
  "Nguyễn",
  "Мария",
  "Γιώργος",
  "שרה",
  "王小明",
  "サトウ",
  "🎉",
  "Größe",
  "Ærø",
  "Þór",
  "naïve",
];

describe("a text that was encoded twice is found, and what was meant", () => {
  const single = ["windows-1252", "latin1", "windows-1250", "macintosh", "cp850", "cp437"];
  test.each(single)("by way of %s", (table) => {
    for (const word of words) {
      const text = `Hi ${misread(word, table)} there`;
      const found = twiceEncoded(text);
      expect(found && text.replace(found.found, found.meant), `${word}: ${text}`).toBe(`Hi ${word} there`);
    }
  });

  test("by way of Windows-1251", () => {
    for (const word of ["Мария", "Спасибо", "šč", "王小明"]) {
      expect(twiceEncoded(misread(word, "windows-1251"))?.meant).toBe(word);
    }
  });

  test("beside letters that are right", () => {
    for (const [text, meant] of [
      ["créÃ©e", "créée"],
      ["»»Ã¼ber", "»»über"],
      ["ÃÃ¼", "Ãü"],
      ["AЕЃЕЃO", "AŁŁO"],
      ["ЕЎДЌ", "šč"],
    ] as const) {
      expect(twiceEncoded(text), text).toEqual({ found: text, meant });
    }
  });

  test("three and four times", () => {
    for (const word of ["Müller", "José", "it’s", "Łukasz"]) {
      const thrice = misread(misread(word, "windows-1252"), "windows-1252");
      expect(twiceEncoded(`Hi ${thrice}, bye`)?.meant).toBe(`${word},`);
      expect(twiceEncoded(misread(thrice, "latin1"))?.meant).toBe(word);
      expect(twiceEncoded(misread(misread(word, "macintosh"), "windows-1252"))?.meant).toBe(word);
    }
  });
});

test("a text that says what it means is left alone", () => {
  const texts = [
    "Müller, José, Zoë, Łukasz, François — “hello”, it’s £5 at the café… 10–12 °C, ½ price, Acme™",
    "«MAÇû «IRMÔ “MAÇÔ ‘AMANHÃ’ IRMÃ… MANHÃ – SÃO JOÃO, CORAÇÃO, CAMPEÃ!",
    "«CAFÉ» «LÉON» MENÜ“ ADIÓS… PIÙ’ Ç’était Spaß… „Spaß“ Spaß…” fermé\u00a0» «Olá»… é…»",
    "ROMÂNIA, SÎMBĂTĂ, ȘTEFAN, «ROMÂ»",
    "DĹŽKA, VĹČOK, Košice, Žižkov, Štúr, ĽUBICA, MÄSO",
    "Zażółć gęślą jaźń, ŁÓDŹ, WAŁĘSA",
    "Её, её, Ещё, Дії, Віїв, «Ёлка», № 5, УКРАЇНА, Київ, Її",
    "ПОЛІЦІЇ, ЛІЛІЯ, ВІЗІЇ, ЛІНІЇ, ВІДІЙТИ, ЛІТІ, ТІЛІ, «ЛІСІ», СЛАВІЛІ",
    "ВЯЛІКІ, ГЕОРГІЕЎСКІ, РАДЗІВІЛ, СВЯЦІЦЦА, ЧЫНОЎНІК, ПАЛІКЛІНІКА",
    "«дом 5В», «корпус 2Г»",
    "Γεια σας, Ελένη, ΑΘΗΝΑ, «Άννα»",
    "Þór, Ægir, ÅRHUS, ‘ÅR’, PÅ… på…» „Ä“ Ärger, ‚Ärger‘",
    "İstanbul, Ağaoğlu, ŞÜKRÜ, ılık",
    "Nguyễn Thị Hương, XÃ HỘI, ĐÃ",
    "東京, 서울, สวัสดี, नमस्ते, مرحبا, שלום, 🎉👍🏽",
    "ÕUN, ÖÖ, jäääär, Ñandú, ESPAÑA",
    "d’été, l’à-propos, «\u00a0à\u00a0», – à bientôt",
    "50 % · 3×4 m² ± 2 µm, ¿Qué? ¡Olé! 1º 2ª",
  ];
  for (const text of texts) expect(twiceEncoded(text), text).toBeUndefined();
});
