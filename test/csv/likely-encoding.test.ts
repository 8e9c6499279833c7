import { describe, expect, test } from "vitest";
import { likelyEncoding } from "../../shared/csv/likely-encoding.ts";
import { decodedAs } from "../../shared/csv/single-byte-tables.ts";
import { createUtf8Runs } from "../../shared/csv/utf8-runs.ts";

/** Texts in a code page of one byte a character that the platform reads. */
function encoded(label: string, texts: readonly string[]): Buffer {
  const table = new TextDecoder(label).decode(Uint8Array.from({ length: 128 }, (_, at) => 0x80 + at));
  const byte = (character: string) => (character < "\x80" ? character.charCodeAt(0) : 0x80 + table.indexOf(character));
  return Buffer.from(Array.from(`${texts.join("\n")}\n`, byte));
}

/** Texts in a code page of DOS. */
function inPage(table: string, texts: readonly string[]): Buffer {
  const upper = decodedAs(
    table,
    Uint8Array.from({ length: 128 }, (_, at) => 0x80 + at),
  );
  const byte = (character: string) => (character < "\x80" ? character.charCodeAt(0) : 0x80 + upper.indexOf(character));
  return Buffer.from(Array.from(`${texts.join("\n")}\n`, byte));
}

/** Texts in an encoding of East Asia, of two bytes a character. */
function inTwoBytes(label: string, texts: readonly string[]): Buffer {
  const decoder = new TextDecoder(label);
  const pairs = new Map<string, readonly number[]>();
  for (let first = 0x81; first < 0xff; first++) {
    for (let second = 0x40; second < 0xff; second++) {
      const character = decoder.decode(Uint8Array.of(first, second));
      if ([...character].length === 1 && !pairs.has(character)) pairs.set(character, [first, second]);
    }
  }
  const all = Array.from(`${texts.join("\n")}\n`);
  return Buffer.from(all.flatMap((character) => pairs.get(character) ?? [character.charCodeAt(0)]));
}

describe("lists in Windows-1252 are left alone", () => {
  test.each([
    ["German", "Müller", "Jörg", "Straße", "Grüße aus Köln"],
    ["French", "Hélène", "François", "L’été arrive – profitez-en", "«CAFÉ»", "cœur"],
    ["Spanish", "Muñoz", "José", "¿Quiere confirmar?", "¡Hasta mañana!"],
    ["Portuguese", "João", "Conceição", "Olá, a sua encomenda está pronta"],
    ["Swedish", "Åsa", "Björn", "Västerås"],
    ["Danish", "Søren", "Ærø", "Kjær"],
    ["Italian", "Nicolò", "Città di Castello", "perché", "Forlì"],
    ["Icelandic", "Guðrún", "Þór", "Ægir", "Sýslumaður"],
    ["English with signs", "It’s £5 off…", "10–12 °C", "½ price", "Acme™", "“Hello” — Zoë"],
    ["one sign alone", "10,00 €"],
    ["one name in capitals", "KÖLN"],
    ["one word", "è"],
    ["names of many countries", "Müller", "José", "Søren", "François", "João", "Åsa", "Škoda"],
  ])("%s", async (_, ...texts) => {
    expect(await likelyEncoding(encoded("windows-1252", texts))).toBeUndefined();
  });
});

describe("another encoding is named", () => {
  test.each([
    ["macintosh", "MacRoman", "Müller", "Jörg", "Hélène", "It’s ready"],
    ["windows-1250", "Windows-1250", "Łukasz", "Wałęsa", "Grażyna", "Święta"],
    ["windows-1250", "Windows-1250", "Dvořák", "Jiří", "Růžena", "Šťastný", "Plzeň", "Třebíč"],
    ["windows-1250", "Windows-1250", "Fără", "Bună", "Mămăligă", "Sâmbătă", "Brăila"],
    ["windows-1250", "Windows-1250", "Győr", "Tőkés", "Szűcs", "Erzsébet", "Székesfehérvár", "Csősz"],
    ["windows-1251", "Windows-1251", "Иван", "Москва"],
    ["ibm866", "CP866 (DOS)", "Иван", "Москва"],
    ["koi8-r", "KOI8-R", "Мария Петрова", "Екатеринбург", "Ваш заказ готов", "Сергей"],
    ["windows-1256", "Windows-1256", "محمد", "القاهرة", "فاطمة"],
    ["iso-8859-2", "ISO-8859-2", "Łukasz Wiśniewski", "Małgorzata Wójcik", "Święta", "Paweł", "Zażółć gęślą jaźń"],
    ["iso-8859-2", "ISO-8859-2", "Šimić", "Đurić", "Žižek"],
    ["koi8-u", "KOI8-U", "Київ", "Ганна Ївженко", "Ваше замовлення готове", "Єлизавета"],
    ["iso-8859-5", "ISO-8859-5", "Александр", "Екатеринбург", "Ваш заказ готов"],
    ["ibm866", "CP866 (DOS)", "Александр", "Екатеринбург", "Ваш заказ готов"],
    ["x-mac-cyrillic", "MacCyrillic", "Александр", "Екатеринбург", "Ваш заказ готов"],
    ["windows-1253", "Windows-1253", "Γιώργος", "Αθήνα", "Άννα"],
    ["iso-8859-7", "ISO-8859-7", "Γιώργος", "Αθήνα", "Άννα"],
    ["windows-1254", "Windows-1254", "Ayşe", "Şükrü", "Oğuz", "İstanbul", "Siparişiniz hazır", "Işık"],
    ["windows-1255", "Windows-1255", "דוד כהן", "ירושלים", "ההזמנה שלך מוכנה"],
    ["windows-1255", "Windows-1255", "דוד"],
    ["windows-1255", "Windows-1255", "מלאווי"],
    ["iso-8859-8", "ISO-8859-8", "בוסניה והרצגובינה"],
    ["windows-1256", "Windows-1256", "محمد"],
    ["iso-8859-6", "ISO-8859-6", "محمد", "القاهرة", "طلبك جاهز"],
    ["windows-1257", "Windows-1257", "Jānis", "Ķekava", "Jūsu pasūtījums"],
    ["windows-1257", "Windows-1257", "Kęstutis", "Jūsų užsakymas „paruoštas“"],
    ["iso-8859-13", "ISO-8859-13", "Kęstutis", "Jūsų užsakymas „paruoštas”"],
    ["windows-1258", "Windows-1258", "Đăng Phương"],
    ["windows-874", "TIS-620 or Windows-874", "เขมร"],
    ["windows-874", "TIS-620 or Windows-874", "สมชาย", "กรุงเทพ", "คำสั่งซื้อของคุณพร้อมแล้ว"],
    ["iso-8859-15", "ISO-8859-15", "€5"],
    ["iso-8859-15", "ISO-8859-15", "cœur", "Œuvre", "5 €"],
    ["iso-8859-15", "ISO-8859-15", "Müller", "nur 5€"],
    ["macintosh", "MacRoman", "Müller"],
    ["macintosh", "MacRoman", "it’s ready"],
    ["macintosh", "MacRoman", "Zoë", "€5"],
    ["macintosh", "MacRoman", "São", "João"],
    ["windows-1257", "Windows-1257", "Kęstutis", "Šiauliai", "Jūsų užsakymas", "Panevėžys", "Rūta"],
  ])("%s: %s", async (label, name, ...texts) => {
    expect(await likelyEncoding(encoded(label, texts))).toMatchObject({ name, label });
  });
});

const names = ["Müller", "Jörg", "Käthe", "Größe", "Löhne", "Schön", "Bär", "Süß", "Öl", "Übung", "Äpfel", "Straße"];

describe("a price with the sign for any currency is one in euros, in the encoding that has those there", () => {
  test.each(["nur 5€", "5 €", "€5", "€ 5"])("%s", async (price) => {
    expect(await likelyEncoding(encoded("iso-8859-15", [...names, price]))).toMatchObject({ label: "iso-8859-15" });
  });

  test("but that sign alone is that sign", async () => {
    expect(await likelyEncoding(encoded("windows-1252", [...names, "¤ bedeutet Geld"]))).toBeUndefined();
  });
});

describe("words of which some make no sense", () => {
  test("are in no encoding that is known where more than half are, whatever that makes of them", async () => {
    const read = (text: string) => likelyEncoding(Buffer.from(text, "latin1"));
    expect(await read("a\x90b c\x81d e\x9d\xb3f \xe9t\xe9\n")).toEqual({});
    expect(await read("a\x90b c\x81d \xe9t\xe9 \xe9t\xe9\n")).toBeUndefined();
  });

  test("are in the encoding that has other letters for them, though one word makes no sense there", async () => {
    const russian =
      "ваш заказ готов спасибо за покупку ждем вас снова мария петрова екатеринбург саратов новосибирск владивосток";
    const bytes = Buffer.concat([encoded("windows-1251", [russian]), Buffer.from("Zo\xe2\x80\n", "latin1")]);
    expect(await likelyEncoding(bytes)).toMatchObject({ name: expect.stringMatching(/Windows-1251|MacCyrillic/) });
  });
});

describe("an encoding of East Asia is named", () => {
  test.each([
    ["gb18030", "GBK or GB18030", "王小明", "您的订单已准备好", "北京"],
    ["gb18030", "GBK or GB18030", "王小明"],
    ["big5", "Big5", "王小明", "您的訂單已準備好", "臺北"],
    ["big5", "Big5", "王小明"],
    ["shift_jis", "Shift_JIS", "田中さん", "ご注文の準備ができました", "東京"],
    ["shift_jis", "Shift_JIS", "田中"],
    ["euc-jp", "EUC-JP", "田中さん", "ご注文の準備ができました", "東京"],
    ["euc-kr", "EUC-KR", "김철수", "주문이 준비되었습니다", "서울"],
    ["euc-kr", "EUC-KR", "김철수"],
  ])("%s: %s", async (label, name, ...texts) => {
    expect(await likelyEncoding(inTwoBytes(label, texts))).toEqual({ name, label });
  });
});

describe("where cells are the same in two encodings", () => {
  test.each([
    ["iso-8859-7", "Windows-1253", "Γιώργος"],
    ["iso-8859-8", "Windows-1255", "דוד כהן", "ירושלים"],
    ["iso-8859-13", "Windows-1257", "Kęstutis", "Šiauliai", "Rūta"],
    ["iso-8859-9", "Windows-1254", "Ayşe", "Şükrü", "Oğuz", "İstanbul", "Işık"],
  ])("that of Windows is named, which has more signs: %s is %s", async (label, name, ...texts) => {
    expect(await likelyEncoding(encoded(label, texts))).toEqual({ name, label: name.toLowerCase() });
  });
});

describe("DOS code pages that the letters do not tell apart are all named", () => {
  test.each([
    ["cp850", "CP850, CP437 or CP857 (DOS)", "Jörg Müller", "José Muñoz", "Käthe"],
    ["cp857", "CP850, CP437 or CP857 (DOS)", "Jörg Müller", "José Muñoz", "Käthe"],
    ["cp857", "CP857 (DOS)", "Ayşe", "Şükrü", "Oğuz"],
    ["cp857", "CP857 (DOS)", "Ayşe", "İbrahim Şahin", "Oğuz"],
    ["cp850", "CP850 or CP857 (DOS)", "São", "João"],
    ["cp850", "CP850 or CP857 (DOS)", "Ærø", "Søren"],
    ["cp437", "CP850, CP437 or CP857 (DOS)", "thaï"],
    ["cp437", "CP850, CP437 or CP857 (DOS)", "Hélène", "François"],
    ["cp850", "CP850, CP437 or CP857 (DOS)", "Åsa", "Björn"],
    ["cp850", "CP850, CP437 or CP857 (DOS)", "£5"],
    ["cp852", "CP852 (DOS)", "Łukasz", "Dvořák", "Győr", "Święta"],
  ])("%s: %s", async (table, name, ...texts) => {
    expect(await likelyEncoding(inPage(table, texts))).toEqual({ name, label: undefined });
  });
});

describe("UTF-8 among other bytes", () => {
  const find = (...parts: readonly Uint8Array[]) => {
    const runs = createUtf8Runs();
    return parts.map((part) => runs.find(part)).find((found) => found !== undefined);
  };
  const ansi = (text: string) => encoded("windows-1252", [text]);

  test.each(["Zoë", "it’s", "Łukasz", "Иван", "5 €", "🎉", "Nguyễn", "王小明"])("%s is found, cut anywhere", (text) => {
    const bytes = Buffer.concat([ansi("Müller"), Buffer.from(`${text}\n`)]);
    const whole = find(bytes);
    expect(whole).toMatchObject({ kind: "whole" });
    for (let at = 0; at < bytes.length; at++) expect(find(bytes.subarray(0, at), bytes.subarray(at))).toEqual(whole);
  });

  test.each(["«CAFÉ» «LÉON»", "MENÜ“", "ADIÓS…", "é…» fin", "PIÙ’", "Ç’était"])("%s is not taken for it", (text) => {
    expect(find(ansi(text))).toBeUndefined();
  });

  test.each([
    ["halves", "a picture as two surrogates", [0xed, 0xa0, 0xbc, 0xed, 0xbe, 0x89]],
    ["halves", "the same behind a letter", [0xc3, 0xab, 0xed, 0xa0, 0xbc, 0xed, 0xbe, 0x89]],
    ["cut", "a picture without its last byte", [0xf0, 0x9f, 0x8e]],
    ["cut", "an apostrophe without its last byte", [0xe2, 0x80]],
    ["cut", "a word without its last byte", [0xd0, 0x9c, 0xd0, 0xb0, 0xd1]],
    ["cut", "a word without its first byte", [0x9c, 0xd0, 0xb0, 0xd1, 0x80]],
  ])("%s: %s", (kind, _, bytes) => {
    const all = Buffer.concat([ansi("Müller"), Buffer.from(bytes), Buffer.from("\n")]);
    for (let at = 0; at < all.length; at++) expect(find(all.subarray(0, at), all.subarray(at))).toMatchObject({ kind });
  });
});
