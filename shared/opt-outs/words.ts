/**
 * What a text that somebody wrote back means: `unclear` has a word in it beside others, or is one that may mean something else, and
 * is for a person to read.
 */
export type ReplyMeaning =
  | { readonly kind: "opt-out" | "opt-in"; readonly word: string }
  | { readonly kind: "unclear" }
  | { readonly kind: "other" };

/**
 * Words that opt out. English and French ones: the FCC's rule (47 CFR 64.1200(a)(10): stop, quit, end, revoke, opt out, cancel,
 * unsubscribe), Twilio (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out), Telnyx (STOP ALL:
 * https://developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out), AWS (ARRET, REMOVE, TD:
 * https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html) and, for Norway, Brevo (UNSUB:
 * https://help.brevo.com/hc/de/articles/208723209). STOP itself is understood in all of Europe, however it is spelt. The others
 * are the words by which newsletters are left: those on the buttons of listmonk
 * (https://github.com/knadh/listmonk/tree/master/i18n, `public.unsub` and its neighbours) and Ghost
 * (https://github.com/TryGhost/Ghost/tree/main/ghost/i18n/locales, `Unsubscribe`), and forms of the same words. SAIR is what Brazil's
 * operators had to take for an opt-out (Anatel, 2012: https://link.estadao.com.br/noticias/geral,publicidade-via-sms-podera-ser-bloqueada,10000035375),
 * BATAL SEMUA beside STOP ALL what Malaysia's do (MCMC, 2013: https://www.mcmc.gov.my/media/press-clippings/mcmc-protect-yourself-from-chargeable,-unsolicited).
 */
const optOutWords: readonly string[] = [
  ...[
    "STOP",
    "STOPALL",
    "STOP ALL",
    "UNSUBSCRIBE",
    "CANCEL",
    "END",
    "QUIT",
    "REVOKE",
    "OPT OUT",
    "REMOVE",
    "UNSUB",
    "TD",
  ],
  // The same word in other spellings: German and Scandinavian, Dutch, Greek, Cyrillic
  ...["STOPP", "STOPPEN", "ΣΤΟΠ", "СТОП"],
  // German
  ...["ABMELDEN", "ABMELDUNG"],
  // French
  ...["ARRET", "ARRETER", "ARRETEZ", "DESABONNER", "SE DESABONNER", "DESABONNEMENT"],
  // Spanish, Catalan
  ...["BAJA", "DARSE DE BAJA", "DARME DE BAJA", "BAIXA", "DESUBSCRIU"],
  // Portuguese
  ...["SAIR", "CANCELAR SUBSCRICAO", "CANCELAR ASSINATURA", "CANCELAR INSCRICAO", "CANCELAR A INSCRICAO"],
  // Italian
  ...["CANCELLA ISCRIZIONE", "DISISCRIVITI", "DISISCRIVI", "DISISCRIVIMI"],
  // Dutch
  ...["AFMELDEN", "UITSCHRIJVEN"],
  // Swedish, Norwegian, Danish
  ...["AVPRENUMERERA", "AVSLUTA", "AVSLUTA PRENUMERATION", "AVMELD", "MELD AV", "AFMELD"],
  // Finnish
  ...["POISTU"],
  // Polish, Czech, Slovak, Slovenian and Croatian
  ...["WYPISZ", "WYPISZ SIE", "WYPISZ MNIE", "ODSUBSKRYBUJ", "ODHLASIT", "ODHLASIT SA", "ZRUSIT ODBER", "ODJAVA"],
  // Hungarian, Romanian, Turkish
  ...["LEIRATKOZAS", "LEIRATKOZOM", "DEZABONARE", "UYELIKTEN AYRIL", "UYELIGI SONLANDIR"],
  // Greek, Bulgarian, Russian, Ukrainian
  ...["ΔΙΑΓΡΑΦΗ", "ОТПИСВАНЕ", "ОТПИШИ", "ОТПИСАТЬСЯ", "ОТПИСКА", "ВІДПИСАТИСЯ", "ВІДПИСАТИСЬ"],
  // Arabic, Hebrew, Hindi, Malayalam
  ...["إلغاء الاشتراك", "ביטול רישום", "सदस्यता समाप्त करें", "വരിക്കാരനല്ലാതാകുക"],
  // Indonesian, Malay, Vietnamese
  ...["BATAL BERLANGGANAN", "BERHENTI BERLANGGANAN", "BATAL SEMUA", "HUY DANG KY"],
  // Chinese, Japanese, Korean
  ...["退订", "退訂", "取消订阅", "取消訂閱", "登録解除", "登録を解除する", "구독 해지"],
];

/**
 * Words that may well opt out, and may mean something else ("stop", "leave", "enough", "cancel"): no provider is known to take them
 * for an opt-out. Whoever writes nothing else is listed for a person to read.
 */
const doubtfulWords: readonly string[] = [
  ...["ABBESTELLEN", "AUSTRAGEN", "KEINE WERBUNG", "ARRETE", "DESINSCRIRE", "DESINSCRIPTION", "RESILIER"],
  ...["ALTO", "PARAR", "DETENER", "CANCELAR", "DESUSCRIBIR", "DESUSCRIBIRME", "PARE", "REMOVER", "DESCADASTRAR"],
  ...[
    "FERMA",
    "CANCELA",
    "CANCELLA",
    "CANCELLAMI",
    "DISDICI",
    "BASTA",
    "OPZEGGEN",
    "AVREGISTRERA",
    "AVBRYT",
    "AVSLUTT",
    "FRAMELD",
  ],
  ...["LOPETA", "PERUUTA", "LOPP", "LOPETADA", "TUHISTA", "REZYGNUJE", "ZRUSIT", "PREKINI", "OPRESTE", "IPTAL"],
  ...["ATSISAKYTI", "ATTEIKTIES"],
  // Russian, Ukrainian; Turkish; Arabic, Persian; Hebrew
  ...["ОТМЕНА", "ОТПИШИТЕ", "СКАСУВАТИ", "RET", "إيقاف", "إلغاء", "توقف", "لغو", "הסר", "הסרה", "ביטול"],
  // Hindi, also in Latin letters; Indonesian, Malay; Vietnamese; Thai
  ...["बंद", "बंद करें", "रोकें", "BAND", "BAND KARO", "BERHENTI", "BATAL", "UNREG", "OUT", "TC", "TU CHOI", "HUY", "ยกเลิก"],
  // Chinese (of which operators know R and T), Japanese, Korean
  ...["拒收", "取消", "R", "T", "停止", "配信停止", "ストップ", "解除", "수신거부", "중지"],
];

/** Words that take an opt-out back; nobody is put on a list by them, and no stack can have them as words that opt out. */
export const optInWords: readonly string[] = ["START", "UNSTOP", "YES"];

/** The opt-out words of a stack that names none of its own. */
export const defaultOptOutWords: readonly string[] = optOutWords;

/** Most characters of a text that are read for words: an SMS of many parts is no single word. */
const longestRead = 2_000;

/** Reads texts by the words of one stack: its own instead of the usual ones, if it names any. */
export interface ReplyReader {
  read(body: string): ReplyMeaning;
}

/** A reader that knows `words` as those that opt out. */
export function createReplyReader(words: readonly string[] = defaultOptOutWords): ReplyReader {
  const out = new Map(words.map((word) => [lettersOf(word), word.toUpperCase()]));
  const back = new Map(optInWords.map((word) => [lettersOf(word), word]));
  const doubtful = new Set(words === defaultOptOutWords ? doubtfulWords.map(lettersOf) : []);
  const longest = Math.max(...[...out.keys(), ...back.keys()].map((word) => word.length));
  const unspaced = [...out.keys()].filter((word) => writtenWithoutBlanks.test(word));
  /** Whether some tokens that follow each other are one of the words, as in "please opt out". */
  const holdsWord = (tokens: readonly string[]) =>
    tokens.some((_, from) => {
      let joined = "";
      for (const token of tokens.slice(from)) {
        joined += token;
        if (joined.length > longest) return false;
        if (out.has(joined)) return true;
      }
      return false;
    });
  /** Whether it is one of the words again and again, without blanks. */
  const repeatsWord = (letters: string) =>
    [...out.keys()].some((word) => letters.startsWith(word) && letters.replaceAll(word, "") === "");

  return {
    read: (body) => {
      const text = body.slice(0, longestRead);
      const whole = lettersOf(text);
      const [word, wordBack] = [out.get(whole), back.get(whole)];
      if (word !== undefined) return { kind: "opt-out", word };
      if (wordBack !== undefined) return { kind: "opt-in", word: wordBack };
      const tokens = tokensOf(text);
      // "STOP STOP" says nothing else than "STOP".
      const [first] = tokens.map((token) => out.get(token));
      if (first !== undefined && tokens.every((token) => out.has(token))) return { kind: "opt-out", word: first };
      const holds = holdsWord(tokens) || unspaced.some((own) => whole.includes(own)) || repeatsWord(whole);
      return doubtful.has(whole) || holds ? { kind: "unclear" } : { kind: "other" };
    },
  };
}

/** Letters of which words are written without blanks between them, so that a word may be anywhere in a token. */
const writtenWithoutBlanks = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** The word of a line that a person took off the list; in small letters, unlike what people text. */
export const removedByHand = "removed by hand";

/** The word of a line that a person put on the list. */
export const addedByHand = "added by hand";

/** Whether a line of the opt-out list with this word says that its number may be sent to again. */
export const isTakenBack = (word: string): boolean =>
  word.trim().toLowerCase() === removedByHand || optInWords.some((known) => known === lettersOf(word).toUpperCase());

/** The text's letters and digits alone, without case and accents. */
const lettersOf = (text: string): string => tokensOf(text).join("");

/**
 * Greek and Cyrillic letters that look like Latin ones. Phones write Greek words with Latin letters, of which an SMS has more room
 * for, and people mix alphabets.
 */
const lookalikes: ReadonlyMap<string, string> = new Map(
  ["αa", "βb", "εe", "ζz", "ηh", "ιi", "κk", "μm", "νn", "οo", "ρp", "τt", "υy", "χx"]
    .concat(["аa", "вb", "еe", "іi", "кk", "мm", "нh", "оo", "рp", "сc", "тt", "уy", "хx"])
    .map(([own = "", latin = ""]) => [own, latin]),
);

/** The words of a text in plain small letters, those that look alike as one: "Arrêt, SVP!" is "arret", "svp". */
export const tokensOf = (text: string): readonly string[] =>
  text
    .normalize("NFKD")
    // Also letters that say nothing: those by which Arabic is stretched, and with which Hangul fills gaps, as NFKD has them.
    .replace(/[\p{M}\p{Cf}\u0640\u115f\u1160]/gu, "")
    // Before case is dropped: the Turkish letters have no plain ones in Unicode.
    .replace(/[ıİ]/gu, "i")
    .replace(/[łŁ]/gu, "l")
    .replace(/[øØ]/gu, "o")
    .replace(/[đĐ]/gu, "d")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ς", "σ")
    .replace(/[\p{Script=Greek}\p{Script=Cyrillic}]/gu, (letter) => lookalikes.get(letter) ?? letter)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== "");
