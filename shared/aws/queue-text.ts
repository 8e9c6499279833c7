/**
 * JSON text as SQS accepts it. Of the characters that SQS refuses, `JSON.stringify` escapes control characters and
 * lone surrogates by itself; U+FFFE and U+FFFF remain, which can only stand inside a JSON string and are escaped here.
 * Characters beyond U+FFFF (emoji) are escaped too, though SQS takes them: not everything that speaks its protocol does.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const toQueueText = (json: string): string => json.replace(/[\uFFFE\uFFFF\uD800-\uDFFF]/g, escaped);

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16)}`;
