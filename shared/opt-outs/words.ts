/** What a text that somebody wrote back means: `unclear` has a word in it beside others, and is for a person to read. */
export type ReplyMeaning =
  | { readonly kind: "opt-out" | "opt-in"; readonly word: string }
  | { readonly kind: "unclear" }
  | { readonly kind: "other" };

/**
 * Words that opt out. The English ones are those of the FCC's rule (47 CFR 64.1200(a)(10): stop, quit, end, revoke, opt out,
 * cancel, unsubscribe), of Braze's defaults (STOPALL) and of AWS's (ARRET, REMOVE:
 * https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html). STOP itself is understood in most of
 * Europe and is what texts name there; STOPP is its German and Scandinavian spelling. The others are the words by which
 * newsletters in each language are left, as their dictionaries and senders have them.
 */
const optOutWords: readonly string[] = [
  ...["STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPT OUT", "REMOVE"],
  // German
  ...["STOPP", "ABMELDEN", "ABMELDUNG", "ABBESTELLEN", "AUSTRAGEN", "KEINE WERBUNG"],
  // French
  ...["ARRET", "ARRETER", "ARRETEZ", "DESABONNER", "DESABONNEMENT", "DESINSCRIRE", "DESINSCRIPTION", "RESILIER"],
  // Spanish, Catalan
  ...["BAJA", "ALTO", "PARAR", "DETENER", "CANCELAR", "DESUSCRIBIR", "DESUSCRIBIRME", "BAIXA"],
  // Portuguese
  ...["SAIR", "PARE", "REMOVER", "DESCADASTRAR", "CANCELAR INSCRICAO"],
  // Italian
  ...["FERMA", "CANCELLA", "CANCELLAMI", "DISISCRIVI", "DISISCRIVIMI", "DISDICI", "BASTA"],
  // Dutch
  ...["AFMELDEN", "UITSCHRIJVEN", "STOPPEN", "OPZEGGEN"],
  // Swedish, Norwegian, Danish
  ...["AVSLUTA", "AVREGISTRERA", "AVBRYT", "AVSLUTT", "AVMELD", "AFMELD", "FRAMELD"],
  // Finnish, Estonian
  ...["LOPETA", "PERUUTA", "POISTU", "LOPP", "LOPETADA", "TUHISTA"],
  // Polish, Czech, Slovak, Slovenian, Croatian
  ...["REZYGNUJE", "WYPISZ", "WYPISZ MNIE", "ODHLASIT", "ZRUSIT", "ODHLASIT SA", "ODJAVA", "PREKINI"],
  // Hungarian, Romanian, Turkish, Lithuanian, Latvian
  ...["LEIRATKOZAS", "LEIRATKOZOM", "DEZABONARE", "OPRESTE", "IPTAL", "ATSISAKYTI", "ATTEIKTIES"],
  // Greek, Bulgarian, Russian, Ukrainian
  ...["ΣΤΟΠ", "ΔΙΑΓΡΑΦΗ", "СТОП", "ОТПИШИ", "ОТПИСАТЬСЯ", "ОТПИСКА", "ВІДПИСАТИСЯ"],
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
  const longest = Math.max(...[...out.keys(), ...back.keys()].map((word) => word.length));
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
      return holdsWord(tokens) ? { kind: "unclear" } : { kind: "other" };
    },
  };
}

/** The word of a line that a person took off the list; in small letters, unlike what people text. */
export const removedByHand = "removed by hand";

/** The word of a line that a person put on the list. */
export const addedByHand = "added by hand";

/** Whether a line of the opt-out list with this word says that its number may be sent to again. */
export const isTakenBack = (word: string): boolean =>
  word.trim().toLowerCase() === removedByHand || optInWords.some((known) => known === lettersOf(word).toUpperCase());

/** The text's letters and digits alone, without case and accents. */
const lettersOf = (text: string): string => tokensOf(text).join("");

/** The words of a text in plain small letters: "Arrêt, SVP!" is "arret", "svp". */
export const tokensOf = (text: string): readonly string[] =>
  text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}\u3164\uffa0]/gu, "")
    // Before case is dropped: the Turkish letters have no plain ones in Unicode.
    .replace(/[ıİ]/gu, "i")
    .replace(/[łŁ]/gu, "l")
    .replace(/[øØ]/gu, "o")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ς", "σ")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== "");
