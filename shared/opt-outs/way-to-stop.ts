import { defaultOptOutWords, tokensOf } from "./words.ts";

/** Whether a text tells its reader how to get no more of them. */
export type NamesWayToStop = (text: string) => boolean;

/** Words that mean nothing else in a text to many people, however they are written. */
const unmistakable = [
  ...["unsubscribe", "optout", "stopall", "abmelden", "abbestellen", "desabonner", "desinscrire", "desuscribir"],
  ...["disiscrivi", "disiscriverti", "afmelden", "uitschrijven", "avregistrera", "afmeld", "odhlasit", "wypisz"],
] as const;

/** Words that are an instruction where they stand in capitals among small letters. */
const inCapitals = /(?<![\p{L}\p{N}])(?:STOP|STOPP|STOPALL|OPTOUT|ARRET|ARRÊT|СТОП)(?![\p{L}\p{N}])/u;

/** Verbs, as they stand before the word that is to be texted back: "reply STOP", "Antworten Sie STOP". */
const verbs =
  /^(?:reply|text|txt|send|sms|write|antwort|schreib|send|repond|envoy|tapez|respond|envia|escrib|rispond|invia|scriv|respond|antwoord|stuur|svar|vastaa|laheta|odpisz|wyslij|odpovez|posl|valasz|kuld|raspund|trimit|cevap|yaz)/u;

/** Words between such a verb and what is to be texted. */
const mostBetween = 3;

/**
 * How texts are asked whether they name a way to stop; `footer` is the stack's own, and `words` those that it knows. What
 * only sounds like it ("don't stop") is none: then the footer stands there once too often rather than not at all.
 */
export function createWayToStop({
  footer,
  words,
}: {
  readonly footer?: string;
  readonly words?: readonly string[];
}): NamesWayToStop {
  const known = new Set((words ?? defaultOptOutWords).map((word) => tokensOf(word).join("")));
  const own = footer === undefined ? "" : tokensOf(footer).join(" ");

  return (text) => {
    const tokens = tokensOf(text);
    if (own !== "" && ` ${tokens.join(" ")} `.includes(` ${own} `)) return true;
    if (tokens.some((token, at) => isUnmistakable(token, tokens[at + 1]))) return true;
    if (inCapitals.test(text) && /\p{Ll}/u.test(text)) return true;
    return tokens.some(
      (token, at) =>
        verbs.test(token) &&
        tokens
          .slice(at + 1, at + 2 + mostBetween)
          .some((word, index, after) => known.has(word) || known.has(word + (after[index + 1] ?? ""))),
    );
  };
}

const isUnmistakable = (token: string, next = ""): boolean =>
  unmistakable.some((word) => token === word || token + next === word);
