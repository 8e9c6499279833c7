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
  "СИРИЯ",
  "マリ",
  "🎉",
  "❤️",
  "Zoë❤️",
  "👍🏽",
  "\ufeffHi",
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
    const own = ["Хэл", "нюх", "Мария", "Спасибо", "šč", "王小明", "波兰", "マン島", "סרת", "שירה", "محمد"];
    const latin = [
      "Müller",
      "MÜLLER",
      "José",
      "Élodie",
      "übrigens",
      "Città",
      "Wałęsa",
      "Žižek",
      "Țara",
      "Nguyễn",
      "it’s",
    ];
    for (const word of [...own, ...latin]) expect(twiceEncoded(misread(word, "windows-1251"))?.meant, word).toBe(word);
  });

  test.each(["windows-1252", "latin1", "windows-1250", "windows-1251", "cp850", "cp437"])(
    "in the letters of Romanian, Vietnamese and Azerbaijani, by way of %s",
    (table) => {
      for (const word of ["Albulești", "Țurcanu", "MUNȚI", "Phương", "Trương Mỹ", "mənim", "Həsən"]) {
        expect(twiceEncoded(misread(word, table)), word).toBeDefined();
      }
    },
  );

  test.each([...single, "windows-1251"])("in the scripts of many countries, by way of %s", (table) => {
    const texts =
      "Հայաստան საქართველო हिन्दी বাংলা தமிழ் ગુજરાતી ਪੰਜਾਬੀ ಕನ್ನಡ മലയാളം తెలుగు සිංහල ລາວ ខ្មែរ မြန်မာ አማርኛ ไทย فارسی شهرِ";
    for (const word of texts.split(" ")) expect(twiceEncoded(misread(word, table)), word).toBeDefined();
  });

  test("where the letters that it became are beside each other in no language", () => {
    for (const word of [
      "Über",
      "ÜBUNG",
      "FORÊT",
      "ÎLE",
      "Úlisne",
      "Şeker",
      "Śmigus",
      "GROß",
      "ČERNÝ",
      "õdun",
      "5 µm",
      "Țara",
    ]) {
      expect(twiceEncoded(misread(word, "windows-1252")), word).toBeDefined();
    }
    for (const word of [
      "Über",
      "PAČ",
      "FORÍT",
      "Ìle",
      "Śmigus",
      "Şeker",
      "žena",
      "õdun",
      "£ 5",
      "5 µm",
      "źle",
      "Țara",
    ]) {
      expect(twiceEncoded(misread(word, "windows-1250")), word).toBeDefined();
    }
    for (const word of ["Miliç", "Milič", "kędzior", "ğ"])
      expect(twiceEncoded(misread(word, "macintosh")), word).toBeDefined();
  });

  test("as often as it was encoded, and four times at most", () => {
    for (const word of ["ü", "été", "ürü"]) {
      const texts = [word];
      for (let times = 1; times <= 4; times++) {
        texts.push(misread(texts.at(-1) ?? "", "latin1"));
        expect(twiceEncoded(texts.at(-1) ?? "")?.meant, `${word}, ${times} times`).toBe(word);
      }
    }
    const often = Array.from({ length: 5 }, () => "latin1").reduce(misread, "ü");
    expect(twiceEncoded(often)?.meant).toBe("Ã¼");
    expect(twiceEncoded(`Ã${"\x83".repeat(8)}Ã¼`)?.meant).toBe(`Ã${"\x83".repeat(4)}ü`);
  });

  test("between capitals, and beside signs that people put between words", () => {
    const words = [
      "GRÖSSE",
      "KÖLN",
      "MÜLLEREI",
      "SÃO",
      "PÅL",
      "ÉTÉ",
      "CŒUR",
      "ÒS",
      "ARRÒS",
      "ŻÓŁĆ",
      "COÛT",
      "GRöSSE",
      "MŒSIA",
      "TOTAL\u00a0SALE",
      "CAFE·BAR",
    ];
    for (const word of words) {
      for (const table of ["windows-1252", "windows-1250"]) {
        const text = misread(`${word}—${word}`, table);
        expect(twiceEncoded(text), `${text} by way of ${table}`).toBeDefined();
        expect(twiceEncoded(`Hi ${misread(word, table)} there`), `${word} by way of ${table}`).toBeDefined();
      }
      expect(twiceEncoded(`“${misread(word, "windows-1252")}”—SE`), word).toBeDefined();
    }
    for (const text of ["GRÖSSE-GRÖSSE", "FÊTE-GRÖSSE", "GRÖSSE-ÊTRE"]) {
      expect(twiceEncoded(misread(text, "windows-1252"))?.meant).toBe(text);
    }
    for (const word of ["ПРИВЕТ—ПРИВЕТ", "ЛІВАН—ЛІВАН", "МАМА’S", "«ДІМ»ЛІС", "ΑΘΗΝΑ—ΑΘΗΝΑ", "שלום—שלום", "مرحبا"]) {
      expect(twiceEncoded(misread(word, "windows-1251"))?.meant, word).toBe(word);
    }
  });

  test("at the end of a text, where a capital has become a sign that stands behind no word", () => {
    for (const word of ["CITÉ", "BARTOLOMÉ", "BRAZILIË", "ANDRÉ", "THÉ"]) {
      for (const table of ["windows-1252", "windows-1250"]) {
        const text = misread(word, table);
        expect(twiceEncoded(text)?.meant, text).toBe(word);
      }
    }
  });

  test("with the rest of its word, of which twenty characters are shown on each side", () => {
    const right = (count: number) => "x".repeat(count);
    expect(twiceEncoded(`${right(20)}Ã¼Ã¼${right(20)}`)?.meant).toBe(`${right(20)}üü${right(20)}`);
    expect(twiceEncoded(`${right(21)}Ã¼Ã¼${right(21)}`)?.meant).toBe(`${right(20)}üü${right(20)}`);
    for (const blank of [" ", "\n", "\r", "\t"])
      expect(twiceEncoded(`Hi${blank}JÃ¼rgen${blank}x`)?.meant).toBe("Jürgen");
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
    "Zażółć gęślą jaźń, ŁÓDŹ, WAŁĘSA, «CZĘŚĆ», PIĘŚĆ…",
    "Её, её, Ещё, Дії, Віїв, «Ёлка», № 5, УКРАЇНА, Київ, Її",
    "ПОЛІЦІЇ, ЛІЛІЯ, ВІЗІЇ, ЛІНІЇ, ВІДІЙТИ, ЛІТІ, ТІЛІ, «ЛІСІ», СЛАВІЛІ",
    "ВЯЛІКІ, ГЕОРГІЕЎСКІ, РАДЗІВІЛ, СВЯЦІЦЦА, ЧЫНОЎНІК, ПАЛІКЛІНІКА",
    "Лідії, Лідіївка, Лєпєєв",
    "АГІЕЎ",
    "ГІЕЎСКІ",
    "«SALЕ» SALЕ… SALЕ\u00a0now, «TВ», TВ\u00a0шоу, SMSГість, Гёте, Ґданськ, 5В°, ВЈ 5, кВт·Г°",
    "«ГІД», “ГІД”, ГІД…, «ОЈО»",
    "ЛІВАН—ЛІВАН, СЕЗОН—ІЗ ЗНИЖКАМИ, ВЈЕТНАМ—ВЈЕТНАМ, БЕЛАРУСЬ—ГІД",
    "ДЭВІЗ—СПЕШНЫ, ОСТРОВІВ–БРИТАНСЬКІ, АДЭКАЛОН°ЛІСА, КАРПОВІЧ’ПЕРАПУЖАЮ, «ПАНАМСЬКЕ»ЛІБЕРІЯ, РЕЌИ…ИСКЛУЧИ",
    "ПРИВЕТ—ПРИВЕТ, ОСТРОВІВ\u00a0АРАБСЬКА, ЛЕВ•ЛІВИЙ",
    "CASĂ—GARĂ, MAMĂ—COPIL, ACASĂ\u00a0LA, CASĂ—5, SKRÅ’S, ÖÄ’S, É—É, TANJA’S, CAFÉ’S",
    "ABORTIVĂ–PISĂLOGULUI, SEARĂ’ȘI, CASĂ…ȚARĂ, “SEARĂ”ȘTEFAN, MANHÃ–AMANHÃ, NIVÅ–ÅR, IEŞIRE, BUCZEĆ\u00a0ŁÓDŹ",
    "ТІРІ, ІРІ, ШІШІ, ЧЁ, ЩЁ, ЧІЧІ",
    "»öffentlich«, »Öl«, «oui»à Paris…ô, NESCAFÉ™, É™",
    "DĹŽKA, PÄŤDESIAT, RĂŞINĂ, ăştia, Ăştia, CÂŞTIG, ƒé, ƒò ƒe",
    "Signs in a row: ×»×«, Ô»Ô», Î±Ð±",
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
