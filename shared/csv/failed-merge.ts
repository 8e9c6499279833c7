/** What another program put into a text in place of a value that it had not; `certain` when nobody writes so. */
export interface FailedMerge {
  readonly found: string;
  readonly certain: boolean;
}

const spreadsheetError =
  /(?<![\p{L}\p{N}#&])#(?:N\/A|NAME\?|VALUE!|REF!|DIV\/0!|NULL!|NUM!|WERT!|BEZUG!|ZAHL!|NOM\?|VALEUR!|¡VALOR!|¡REF!|¿NOMBRE\?|NOME\?|VALORE!|RIF!)(?![\p{L}\p{N}])/u;
/** These are no words, which a hashtag might be. */
const noWord = /[/?¡¿]|REF|BEZUG|NULL|RIF/;
const greetsNobody =
  /^\s*(?:hi|hello|hey|dear|hallo|lieber?|bonjour|salut|ch[eè]re?|hola|estimad[oa]|ciao|gentile|car[oa]|ol[aá]|hej|beste)[^\S\n]+(?:(?:null|nil|nan|none|undefined|n\/a|\(null\)|<null>)(?![\p{L}\p{N}])|(?=,)),?/iu;

/** Where a row's own text shows that the program which wrote it lacked a value: `Hi #N/A,`, `Dear null`, `Hi ,`. */
export function failedMerge(text: string): FailedMerge | undefined {
  const error = text.includes("#") ? spreadsheetError.exec(text)?.[0] : undefined;
  if (error !== undefined) return { found: error, certain: noWord.test(error) };
  if (text.includes("[object ")) return { found: "[object Object]", certain: text.includes("[object Object]") };
  const greeted = greetsNobody.exec(text)?.[0];
  return greeted === undefined ? undefined : { found: greeted.trim(), certain: false };
}
