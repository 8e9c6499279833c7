import type { Account } from "../account/account.ts";
import { moment, sentence } from "../in-words.ts";

/** Since when replies are not read, and why, in one or two sentences. */
export const unreadInWords = ({ since, reason }: NonNullable<NonNullable<Account["optOuts"]>["unread"]>): string =>
  `Replies have not been read since ${moment(since)}, so that nobody who replies STOP is noticed; sending goes on. ${sentence(capitalised(reason))}`;

const capitalised = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
