/** The letters beyond ASCII of languages that are written in Windows-1252, in which a whole list usually is. */
const westernAlphabets = [
  "äöüß",
  "àâæçéèêëîïôœùûüÿ",
  "áéíñóúü",
  "àèéìíòóù",
  "ãáâàçéêíóôõúü",
  "áäéëèêïíóöúü",
  "åäöé",
  "åäæéøöü",
  "àçèéíïòóúü",
  "áéíóúýðþæö",
].map((letters) => new Set(letters));

/** The same of languages that are not: Polish, Czech and Slovak, Hungarian, Romanian, Croatian, Turkish, Lithuanian, Latvian. */
const otherAlphabets = [
  "ąćęłńóśźż",
  "áäčďéěíĺľňóôŕřšťúůýž",
  "áéíóöőúüű",
  "ăâîşţșț",
  "čćđšž",
  "çğıöşüâîû",
  "ąčęėįšųūž",
  "āčēģīķļņšūž",
].map((letters) => new Set(letters));

/** Whether the letters beyond ASCII of a text are all of one language that is written in Windows-1252. */
export const isWestern = (text: string): boolean => isOneOf(westernAlphabets, text);

/** The same of one that is not, such as Polish. */
export const isOfAnother = (text: string): boolean => isOneOf(otherAlphabets, text);

function isOneOf(alphabets: readonly ReadonlySet<string>[], text: string): boolean {
  const letters = new Set(text.toLowerCase().match(/[^\P{L}\0-\x7fªº]/gu));
  return alphabets.some((alphabet) => letters.isSubsetOf(alphabet));
}
