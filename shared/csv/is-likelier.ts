import { isOfAnother, isWestern } from "./alphabets.ts";
import type { WordSense } from "./word-sense.ts";

/** What bytes are in an encoding. */
export interface EncodingReading {
  /** How sure the detector is of it, from 0 to 1. */
  readonly confidence: number;
  readonly text: string;
  readonly sense: WordSense;
  /** Whether it has the sign for euros where Windows-1252 has that for any currency, and little else of its own. */
  readonly withEuro?: boolean;
}

/** Whether bytes are rather another reading than that in Windows-1252. */
export function isLikelier(other: EncodingReading, guess: EncodingReading): boolean {
  if (other.text === guess.text) return false;
  const wrong = share(other.sense);
  const wrongAsGuessed = share(guess.sense);
  if (wrong > 0.1) return false;
  // What is absurd in Windows-1252 and makes sense otherwise.
  if (wrongAsGuessed > 0.3 && wrongAsGuessed > wrong * 4) return true;
  if (wrongAsGuessed > 0.1) return other.confidence > guess.confidence * 1.1;
  // In Windows-1252, the sign for any currency stands in front of no price, nor behind one.
  if (other.withEuro) return /\d ?¤|¤ ?\d/.test(guess.text);
  // One or two such words are too little for statistics: that they are a guess is a warning.
  // Nor are letters that another table has in the same places, such as the Š of Windows-1250.
  if (wrong > wrongAsGuessed || isWestern(guess.text) || isOfAnother(guess.text)) {
    return guess.sense.words > 2 && other.confidence > guess.confidence * 3;
  }
  return other.confidence > guess.confidence * (isOfAnother(other.text) ? 1 : 1.4);
}

/** NaN where there are no words, which is neither more nor less. */
const share = ({ words, absurd }: WordSense) => absurd / words;
